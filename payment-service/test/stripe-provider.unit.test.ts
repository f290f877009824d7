import { newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { StripeProvider } from '../src/provider/stripe'
import { type Mood, STRIPE_KEY, StripeDouble } from './stripe-double'

const TIMEOUT_MS = 300

let stripe: StripeDouble
let provider: StripeProvider
beforeAll(async () => {
  stripe = await StripeDouble.start()
  provider = new StripeProvider({ stripeKey: STRIPE_KEY, stripeUrl: stripe.url, providerTimeoutMs: TIMEOUT_MS })
})
afterAll(() => stripe.close())
beforeEach(() => {
  stripe.mood = 'well'
  stripe.asked.length = 0
})

const order = (paymentToken = 'pm_card_visa') => {
  const orderId = newId()
  return { key: `ch_${orderId}`, orderId, amountMinor: 6980, currency: 'EUR', paymentToken }
}

async function paid() {
  const request = order()
  const answer = await provider.charge(request)
  if (answer.kind !== 'succeeded') throw new Error(`not charged: ${JSON.stringify(answer)}`)
  const { orderId, amountMinor } = request
  return { request, refund: { key: `ref_${orderId}`, orderId, amountMinor, chargeId: answer.chargeId } }
}

describe('a charge', () => {
  test('is one payment intent, confirmed at once, under our key and with our order', async () => {
    const request = order()
    expect(await provider.charge(request)).toEqual({ kind: 'succeeded', chargeId: expect.stringMatching(/^pi_/) })
    expect(stripe.asked).toEqual([
      {
        line: 'POST /v1/payment_intents',
        key: request.key,
        form: {
          amount: '6980',
          currency: 'eur',
          payment_method: 'pm_card_visa',
          'allowed_payment_method_types[0]': 'card',
          confirm: 'true',
          off_session: 'true',
          'metadata[order_id]': request.orderId,
        },
      },
    ])
  })

  test('asked for again under its key is answered the same, and made once', async () => {
    const request = order()
    const answers = [await provider.charge(request), await provider.charge(request)]
    expect(answers[1]).toEqual(answers[0])
    expect(stripe.movements(request.orderId)).toEqual(['charge 6980'])
  })

  test.each([
    ['pm_card_chargeDeclined', 'declined'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'card_expired'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'invalid_payment_method'],
    ['pm_card_authenticationRequired', 'declined'],
    ['pm_3ds', 'declined'],
    ['pm_none', 'invalid_payment_method'],
  ])('to %s is declined: %s', async (method, reason) => {
    const request = order(method)
    expect(await provider.charge(request)).toEqual({ kind: 'declined', reason })
    expect(await provider.charge(request)).toEqual({ kind: 'declined', reason })
    expect(stripe.movements(request.orderId)).toEqual([])
    expect(await provider.find(request.orderId)).toEqual({ kind: 'nothing' })
  })

  test('that takes its time is unknown, also when it is looked up', async () => {
    const request = order('pm_slow')
    expect(await provider.charge(request)).toEqual({ kind: 'unknown', why: 'processing' })
    expect(await provider.find(request.orderId)).toEqual({ kind: 'unknown', why: 'processing' })
  })

  test('under a key that was used for another one is unknown, never declined', async () => {
    const { request } = await paid()
    expect(await provider.charge({ ...request, amountMinor: 1 })).toEqual({ kind: 'unknown', why: 'http_400' })
  })
})

const unknowns: [Mood, string, boolean][] = [
  ['silent', 'timeout', false],
  ['silent-after', 'timeout', true],
  ['500-after', 'http_500', true],
  ['503', 'http_503', false],
  ['429', 'http_429', false],
  ['409', 'http_409', false],
  ['html', 'network', false],
]

describe.each(unknowns)('Stripe is %s', (mood, why, isDone) => {
  test('a charge is unknown, and the same charge when it is asked for again', async () => {
    const request = order()
    stripe.mood = mood
    expect(await provider.charge(request)).toEqual({ kind: 'unknown', why })
    expect(stripe.movements(request.orderId)).toEqual(isDone ? ['charge 6980'] : [])
    // nothing is repeated behind our back
    expect(stripe.asked).toHaveLength(1)
    stripe.mood = 'well'
    expect(await provider.charge(request)).toMatchObject({ kind: 'succeeded' })
    expect(stripe.movements(request.orderId)).toEqual(['charge 6980'])
  })

  test('a refund is unknown, and the same refund when it is asked for again', async () => {
    const { request, refund } = await paid()
    stripe.mood = mood
    expect(await provider.refund(refund)).toEqual({ kind: 'unknown', why })
    stripe.mood = 'well'
    expect(await provider.refund(refund)).toEqual({ kind: 'refunded' })
    expect(stripe.movements(request.orderId)).toEqual(['charge 6980', 'refund 6980'])
  })
})

test('a connection that breaks is no second charge', async () => {
  const request = order()
  stripe.mood = 'reset'
  expect(await provider.charge(request)).toEqual({ kind: 'unknown', why: 'timeout' })
  // the library tries a broken connection once more when we have given up already, under the same key
  await eventually(() => expect(stripe.asked).toHaveLength(2))
  expect(await provider.charge(request)).toMatchObject({ kind: 'succeeded' })
  expect(new Set(stripe.asked.map(({ key }) => key))).toEqual(new Set([request.key]))
  expect(stripe.movements(request.orderId)).toEqual(['charge 6980'])
})

test('a server that is not there, and a key it does not know, leave everything unknown', async () => {
  const nobody = { stripeKey: STRIPE_KEY, stripeUrl: 'http://127.0.0.1:1', providerTimeoutMs: TIMEOUT_MS }
  const stranger = { stripeKey: 'sk_test_other', stripeUrl: stripe.url, providerTimeoutMs: TIMEOUT_MS }
  expect(await new StripeProvider(nobody).charge(order())).toEqual({ kind: 'unknown', why: 'network' })
  expect(await new StripeProvider(stranger).charge(order())).toEqual({ kind: 'unknown', why: 'http_401' })
})

describe('a refund', () => {
  test('gives back what was taken, once', async () => {
    const { request, refund } = await paid()
    expect(await provider.refund(refund)).toEqual({ kind: 'refunded' })
    expect(await provider.refund(refund)).toEqual({ kind: 'refunded' })
    expect(stripe.movements(request.orderId)).toEqual(['charge 6980', 'refund 6980'])
    expect(stripe.asked.at(-1)).toMatchObject({ key: refund.key, form: { payment_intent: refund.chargeId } })
  })

  test('that is on its way is unknown, and not yet given back when it is looked up', async () => {
    const { request, refund } = await paid()
    stripe.mood = 'pending'
    expect(await provider.refund(refund)).toEqual({ kind: 'unknown', why: 'refund_pending' })
    expect(await provider.find(request.orderId)).toMatchObject({ kind: 'found', refundedMinor: 0 })
  })

  test('of nothing that was charged is unknown', async () => {
    const refund = { key: 'ref_1', orderId: newId(), amountMinor: 1, chargeId: 'pi_none' }
    expect(await provider.refund(refund)).toEqual({ kind: 'unknown', why: 'http_400' })
  })
})

describe('looking an order up', () => {
  test('finds what was charged and what of it went back', async () => {
    const { request, refund } = await paid()
    const found = { kind: 'found', chargeId: refund.chargeId, amountMinor: 6980 }
    expect(await provider.find(request.orderId)).toEqual({ ...found, refundedMinor: 0 })
    await provider.refund(refund)
    expect(await provider.find(request.orderId)).toEqual({ ...found, refundedMinor: 6980 })
  })

  test('finds nothing where nothing is', async () => {
    expect(await provider.find(newId())).toEqual({ kind: 'nothing' })
  })

  test('leaves two charges of one order to a person', async () => {
    const { request } = await paid()
    await provider.charge({ ...request, key: 'another' })
    expect(await provider.find(request.orderId)).toEqual({ kind: 'unknown', why: 'mismatch' })
  })

  test('is unknown while Stripe is away', async () => {
    stripe.mood = '503'
    expect(await provider.find(newId())).toEqual({ kind: 'unknown', why: 'http_503' })
  })
})
