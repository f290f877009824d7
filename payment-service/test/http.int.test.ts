import { type Id, newId, type Runtime } from '@order-saga/common'
import { onlyAsDescribed, type TestTokens, testConfig, testTokens } from '@order-saga/common/testing'
import { buildPaymentService } from '../src/service'
import { cancelled, paid, reserved } from './given'
import { type Instance, World } from './world'

let world: World
let saga: Instance
let tokens: TestTokens
let service: Runtime
let customerId: Id

beforeAll(async () => {
  world = await World.create()
  saga = world.instance()
  tokens = await testTokens()
  // HTTP is served with the broker away
  const config = {
    ...testConfig(world.db.url, 'amqp://127.0.0.1:1'),
    jwksUrl: tokens.jwksUrl,
    providerUrl: world.simulator.url,
    providerTimeoutMs: 5_000,
    stripeKey: '',
    stripeUrl: 'http://127.0.0.1:1',
    webhookSecret: 'a secret between two',
    sweepMs: 100,
    graceMs: 1_000,
    orderDeadlineMs: 60_000,
  }
  service = onlyAsDescribed(await buildPaymentService(config))
})
afterAll(async () => {
  await service.stop()
  await tokens.close()
  await world.close()
})
beforeEach(() => {
  customerId = newId()
})

const asCustomer = (id = customerId) => ({ authorization: tokens.bearer(id) })
const asAdmin = () => ({ authorization: tokens.bearer(newId(), 'admin') })
const get = (url: string, headers = asCustomer()) => service.app.inject({ url, headers })
const refund = (orderId: Id, payload: object = { reason: 'broken on arrival' }, headers = asAdmin()) =>
  service.app.inject({ method: 'POST', url: `/admin/payments/${orderId}/refund`, headers, payload })

/** A payment as far as the tokens and events bring it. */
async function payment(paymentToken = 'tok_visa', verdict?: typeof paid | typeof cancelled): Promise<Id> {
  const orderId = newId()
  await saga.hear(reserved({ orderId, customerId, paymentToken }))
  await saga.worker.drain()
  if (verdict) await saga.hear(verdict({ orderId }))
  await saga.worker.drain()
  return orderId
}

describe('GET /payments/{orderId}', () => {
  test('shows its customer what became of the money', async () => {
    const orderId = await payment()
    const response = await get(`/payments/${orderId}`)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({
      orderId,
      state: 'captured',
      lines: [expect.objectContaining({ quantity: 2, unitPriceMinor: 3490 })],
      totalMinor: 6980,
      currency: 'EUR',
      reason: null,
      refundBy: null,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    })
  })

  test('says why a card was refused', async () => {
    const orderId = await payment('tok_chargeDeclinedExpiredCard')
    expect((await get(`/payments/${orderId}`)).json()).toMatchObject({ state: 'failed', reason: 'card_expired' })
  })

  test.each([
    ['somebody else’s', async () => ({ orderId: await payment(), headers: asCustomer(newId()) })],
    ['an administrator asking as a customer', async () => ({ orderId: await payment(), headers: asAdmin() })],
    ['unknown', async () => ({ orderId: newId(), headers: asCustomer() })],
  ])('is 404 for a payment that is %s', async (_whose, given) => {
    const { orderId, headers } = await given()
    const response = await get(`/payments/${orderId}`, headers)
    expect(response.statusCode).toBe(404)
    expect(response.json()).toMatchObject({ type: '/problems/not-found' })
  })

  test('is 404 for an order that was cancelled before it was to be charged', async () => {
    const orderId = newId()
    await saga.hear(cancelled({ orderId }))
    expect((await get(`/payments/${orderId}`)).statusCode).toBe(404)
  })
})

describe('GET /payments', () => {
  test('lists one’s own, newest first, page by page', async () => {
    const ids = [await payment(), await payment(), await payment()].reverse()
    const owner = customerId
    customerId = newId()
    await payment()
    const seen: Id[] = []
    let next: string | null = '/payments?limit=2'
    while (next) {
      const page: { items: { orderId: Id }[]; next: string | null } = (await get(next, asCustomer(owner))).json()
      seen.push(...page.items.map(({ orderId }) => orderId))
      next = page.next
    }
    expect(seen).toEqual(ids)
  })
})

describe('GET /admin/payments', () => {
  test('lists everybody’s by state, with what an administrator has to know', async () => {
    const orderId = await payment('tok_providerDown')
    const response = await get('/admin/payments?state=charging&limit=1', asAdmin())
    expect(response.json()).toMatchObject({
      items: [{ orderId, customerId, state: 'charging', attempts: 1, lastError: 'http_503', needsAttention: null }],
      next: `/admin/payments?limit=1&state=charging&before=${orderId}`,
    })
  })

  const found = async (url: string, headers = asAdmin()): Promise<Id[]> =>
    (await get(url, headers)).json().items.map(({ orderId }: { orderId: Id }) => orderId)

  test('finds those of a customer, page by page', async () => {
    const own = [await payment(), await payment('tok_chargeDeclined'), await payment()].reverse()
    customerId = newId()
    await payment()
    const [first = '', ...rest] = own
    const of = (await world.payment(first)).customer_id
    const { items, next } = (await get(`/admin/payments?customerId=${of}&limit=1`, asAdmin())).json()
    expect([items.length, items[0].orderId]).toEqual([1, first])
    expect(await found(next.replace('limit=1', 'limit=100'))).toEqual(rest)
    expect(await found(`/admin/payments?customerId=${of}&state=failed`)).toEqual([own[1]])
    expect(await found(`/admin/payments?customerId=${newId()}`)).toEqual([])
  })

  test('finds what was given back, by whom that was wanted', async () => {
    const [byCancellation, byHand] = [await payment('tok_visa', cancelled), await payment('tok_visa', paid)]
    await refund(byHand)
    const of = `customerId=${customerId}`
    expect(await found(`/admin/payments?${of}&refundBy=cancellation`)).toEqual([byCancellation])
    expect(await found(`/admin/payments?${of}&refundBy=administrator`)).toEqual([byHand])
    expect(await found('/payments?refundBy=administrator', asCustomer())).toEqual([byHand])
    expect(await found('/payments?refundBy=administrator', asCustomer(newId()))).toEqual([])
  })

  test('finds what a person has to look at', async () => {
    const orderId = await payment('tok_providerDown')
    const of = `/admin/payments?customerId=${customerId}`
    expect(await found(`${of}&attention=needed`)).toEqual([])
    await world.hoursPassSinceFirstCall(orderId, 24)
    await saga.sweep()
    expect(await found(`${of}&attention=needed`)).toEqual([orderId])
  })

  test('leaves out orders nobody ever told about money', async () => {
    const orderId = newId()
    await saga.hear(paid({ orderId }))
    const { items } = (await get('/admin/payments?limit=100', asAdmin())).json()
    expect(items.map((item: { orderId: Id }) => item.orderId)).not.toContain(orderId)
  })
})

describe('POST /admin/payments/{orderId}/refund', () => {
  test('gives the money of a paid order back, once, and always answers the same', async () => {
    const orderId = await payment('tok_visa', paid)
    const first = await refund(orderId)
    expect(first.statusCode).toBe(202)
    expect(first.json()).toEqual({
      orderId,
      totalMinor: 6980,
      currency: 'EUR',
      refundBy: 'administrator',
      reason: 'broken on arrival',
    })
    const again = await Promise.all(Array.from({ length: 10 }, () => refund(orderId, { reason: 'asked again' })))
    for (const response of again) expect([response.statusCode, response.json()]).toEqual([200, first.json()])
    await world.timePasses()
    await saga.sweep()
    const late = await refund(orderId, { reason: 'and again' })
    expect([late.statusCode, late.json()]).toEqual([200, first.json()])
    expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded', 'payment.refunded'])
    expect((await world.transitions(orderId)).at(-2)).toMatchObject({
      step: 'settled → refunding',
      cause: expect.stringMatching(/^administrator /),
    })
  })

  test('asked for in parallel begins once', async () => {
    const orderId = await payment('tok_visa', paid)
    const answers = await Promise.all(Array.from({ length: 20 }, () => refund(orderId)))
    expect(answers.filter(({ statusCode }) => statusCode === 202)).toHaveLength(1)
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
  })

  test('is not a verdict: a repeated order.paid finds it refunded by hand', async () => {
    const orderId = await payment('tok_visa', paid)
    await refund(orderId)
    await world.timePasses()
    await saga.sweep()
    await saga.hear(paid({ orderId }))
    expect(await world.payment(orderId)).toMatchObject({ state: 'refunded', refund_by: 'administrator' })
  })

  test.each([
    ['charging', 'tok_providerDown', undefined, 409, 'not-settled-yet'],
    ['captured', 'tok_visa', undefined, 409, 'not-settled-yet'],
    ['failed', 'tok_chargeDeclined', undefined, 409, 'nothing-captured'],
  ] as const)('is refused while the payment is %s', async (_state, token, verdict, status, slug) => {
    const response = await refund(await payment(token, verdict))
    expect([response.statusCode, response.json().type]).toEqual([status, `/problems/${slug}`])
  })

  test('is refused for an order that was cancelled before it was charged', async () => {
    const orderId = newId()
    await saga.hear(cancelled({ orderId }))
    expect((await refund(orderId)).json().type).toBe('/problems/nothing-captured')
  })

  test('answers the refund of a cancelled order as what it is', async () => {
    const orderId = await payment('tok_visa', cancelled)
    const response = await refund(orderId)
    expect([response.statusCode, response.json()]).toMatchObject([200, { refundBy: 'cancellation', reason: null }])
  })

  test('is 404 for an order nobody heard of', async () => {
    expect((await refund(newId())).statusCode).toBe(404)
  })
})

describe('who may ask', () => {
  const paths = ['/payments', `/payments/${newId()}`, '/admin/payments']

  test.each(paths)('%s needs a token', async (path) => {
    expect((await service.app.inject({ url: path })).statusCode).toBe(401)
  })

  test('only administrators see all payments', async () => {
    expect((await get('/admin/payments')).statusCode).toBe(403)
  })

  test('only administrators refund', async () => {
    const orderId = await payment('tok_visa', paid)
    expect((await refund(orderId, { reason: 'please' }, asCustomer())).statusCode).toBe(403)
    expect(await world.payment(orderId)).toMatchObject({ state: 'settled' })
  })
})

describe('what is not valid', () => {
  test.each([
    '/payments?limit=0',
    '/payments?limit=101',
    '/payments?before=yesterday',
    '/payments?customerId=me',
    '/payments/1',
    '/payments?attention=needed',
    '/payments?state=lost',
    '/admin/payments?state=lost',
    '/admin/payments?refundBy=somebody',
    '/admin/payments?attention=true',
    '/admin/payments?customerId=me',
  ])('GET %s is 400', async (path) => {
    expect((await get(path, asAdmin())).statusCode).toBe(400)
  })

  test.each([
    {},
    { reason: '' },
    { reason: 'a\nb' },
    { reason: 'x'.repeat(201) },
    { reason: 1 },
    { reason: 'ok', amountMinor: 1 },
  ])('a refund with %j is 400', async (body) => {
    const response = await refund(newId(), body)
    expect([response.statusCode, response.json().type]).toEqual([400, '/problems/validation'])
  })
})

test('the payment token leaves in no answer and no event', async () => {
  const orderId = newId()
  const secret = 'tok_providerDown'
  await saga.hear(reserved({ orderId, customerId, paymentToken: secret }))
  await saga.worker.drain()
  expect(await world.payment(orderId)).toMatchObject({ payment_token: secret })
  const bodies = [
    (await get(`/payments/${orderId}`)).body,
    (await get('/payments')).body,
    (await get('/admin/payments?limit=100', asAdmin())).body,
    (await refund(orderId)).body,
    JSON.stringify(await world.told(orderId)),
  ]
  for (const body of bodies) expect(body).not.toContain(secret)
})
