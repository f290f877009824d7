import { type Id, newId, type Runtime } from '@order-saga/common'
import { eventually, onlyAsDescribed, type TestTokens, testConfig, testTokens } from '@order-saga/common/testing'
import Stripe from 'stripe'
import { StripeProvider } from '../src/provider/stripe'
import { buildPaymentService } from '../src/service'
import { cancelled, paid, reserved } from './given'
import { STRIPE_KEY, StripeDouble } from './stripe-double'
import { type Instance, World } from './world'

const SECRET = 'whsec_between_two'

let world: World
let stripe: StripeDouble
let tokens: TestTokens
let service: Runtime
let saga: Instance
let orderId: Id
beforeAll(async () => {
  world = await World.create()
  stripe = await StripeDouble.start()
  tokens = await testTokens()
  const account = { stripeKey: STRIPE_KEY, stripeUrl: stripe.url, providerTimeoutMs: 1_000 }
  saga = world.instance(new StripeProvider(account))
  // HTTP is served with the broker away, and no timer helps: what is asked again soon is asked because of a webhook
  service = onlyAsDescribed(
    await buildPaymentService({
      ...testConfig(world.db.url, 'amqp://127.0.0.1:1'),
      ...account,
      jwksUrl: tokens.jwksUrl,
      providerUrl: 'http://127.0.0.1:1',
      webhookSecret: SECRET,
      sweepMs: 60_000,
      graceMs: 60_000,
      orderDeadlineMs: 60_000,
    }),
  )
  await service.start()
})
afterAll(async () => {
  await service.stop()
  await tokens.close()
  await stripe.close()
  await world.close()
})
beforeEach(() => {
  orderId = newId()
  stripe.mood = 'well'
})

const charge = async (paymentToken = 'pm_card_visa') => {
  await saga.hear(reserved({ orderId, paymentToken }))
  await saga.worker.drain()
}

const event = (object: object = {}, facts: object = {}): string =>
  JSON.stringify({
    id: `evt_${newId()}`,
    object: 'event',
    type: 'payment_intent.succeeded',
    livemode: false,
    data: {
      object: { object: 'payment_intent', amount: 6980, currency: 'eur', metadata: { order_id: orderId }, ...object },
    },
    ...facts,
  })

const signed = (payload: string, secret = SECRET, timestamp?: number): string =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, ...(timestamp !== undefined && { timestamp }) })

const post = (payload: string, signature = signed(payload), url = '/webhooks/stripe') =>
  service.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...(signature !== '' && { 'stripe-signature': signature }) },
    payload,
  })

const received = { statusCode: 200, body: '{"received":true}' }

test('an order is charged by Stripe, and refunded when it is cancelled', async () => {
  await charge()
  await saga.hear(cancelled({ orderId }))
  await saga.worker.drain()
  expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded', 'payment.refunded'])
  expect(stripe.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
})

test('what Stripe declines is failed, for its reason', async () => {
  await charge('pm_card_chargeDeclinedInsufficientFunds')
  expect(await world.told(orderId)).toMatchObject([{ type: 'payment.failed', data: { reason: 'insufficient_funds' } }])
})

test('a charge whose answer is lost is found, not made again', async () => {
  stripe.mood = 'silent-after'
  await charge()
  expect(await world.payment(orderId)).toMatchObject({ state: 'charging', last_error: 'timeout' })
  await world.timePasses()
  await saga.sweep()
  expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded'])
  expect(stripe.movements(orderId)).toEqual(['charge 6980'])
})

test('a webhook makes an unknown outcome known at once', async () => {
  stripe.mood = 'silent-after'
  await charge()
  expect(await post(event())).toMatchObject(received)
  await eventually(async () => expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded']))
  expect(stripe.movements(orderId)).toEqual(['charge 6980'])
})

test('what a webhook says is not believed', async () => {
  stripe.mood = 'silent'
  await charge('pm_card_chargeDeclined')
  expect(await post(event())).toMatchObject(received)
  await eventually(async () => expect(await world.toldTypes(orderId)).toEqual(['payment.failed']))
})

test('a webhook that comes again, is not ours or is about something else has no effect', async () => {
  await charge()
  await saga.hear(paid({ orderId }))
  const before = await world.payment(orderId)
  const body = event()
  const others = [body, body, event({ metadata: {} }), event({ metadata: { order_id: newId() } })]
  const customerCreated = event({}, { type: 'customer.created', data: { object: { object: 'customer', name: 'Ada' } } })
  for (const payload of [...others, customerCreated]) expect(await post(payload)).toMatchObject(received)
  expect(await world.payment(orderId)).toEqual(before)
})

describe('a webhook is refused', () => {
  const nowS = Math.floor(Date.now() / 1000)
  const body = event()

  test.each<[string, string, string?]>([
    ['without a signature', ''],
    ['with something else', 'Bearer e30.e30.e30'],
    ['signed with another secret', signed(body, 'whsec_another')],
    ['signed six minutes ago', signed(body, SECRET, nowS - 360)],
    ['changed after it was signed', signed(body), body.replace('6980', '6981')],
    ['made no JSON after it was signed', signed(body), body.slice(0, -1)],
  ])('%s', async (_what, signature, sent = body) => {
    const response = await post(sent, signature)
    expect([response.statusCode, response.json().type]).toEqual([401, '/problems/bad-signature'])
    expect(response.headers['www-authenticate']).toBe('Webhook-Signature')
    expect(response.body).not.toContain(SECRET)
  })

  test('signed, but no event', async () => {
    for (const sent of ['{', '[]', '{}', event({ amount: '6980' }), event({}, { id: '' })])
      expect((await post(sent)).statusCode).toBe(400)
  })

  test('where another provider would bring it', async () => {
    expect((await post('{}', '', '/webhooks/provider')).statusCode).toBe(404)
  })
})
