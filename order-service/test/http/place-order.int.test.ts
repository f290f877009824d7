import { newId } from '@order-saga/common'
import { testTokens } from '@order-saga/common/testing'
import { pens } from '../given'
import { body, type OrderUnderTest, orderUnderTest, slugOf } from '../order-under-test'

let shop: OrderUnderTest
beforeAll(async () => {
  shop = await orderUnderTest()
})
afterAll(() => shop.close())

const ordersOf = (customer: string) => shop.sql('SELECT id FROM orders WHERE customer_id = $1', [customer])

test('an order is accepted at once: 202, where to ask, and when', async () => {
  const answer = await shop.place()
  const { id, ...accepted } = answer.json()
  expect(answer.statusCode).toBe(202)
  expect(answer.headers).toMatchObject({ location: `/orders/${id}`, 'retry-after': '1' })
  expect(answer.headers).not.toHaveProperty('idempotency-replayed')
  expect(accepted).toEqual({
    status: 'pending',
    createdAt: expect.any(String),
    deadlineAt: expect.any(String),
    pollAfterMs: 50,
    links: { self: `/orders/${id}`, cancel: `/orders/${id}/cancel` },
  })
  expect(Date.parse(accepted.deadlineAt) - Date.parse(accepted.createdAt)).toBe(120_000)
})

test('order and order.created are of one transaction, and the request is what the event is traced back to', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const answer = await shop.place({ ...body, expectedTotalMinor: 2500 }, { headers: { traceparent } })
  const { id, deadlineAt } = answer.json()
  expect(await shop.told(id)).toEqual([
    expect.objectContaining({
      type: 'order.created',
      correlationid: answer.headers['x-request-id'],
      traceparent,
      data: {
        orderId: id,
        customerId: shop.customer,
        lines: [pens],
        expectedTotalMinor: 2500,
        paymentToken: 'tok_visa',
        fromCart: false,
        deadlineAt,
      },
    }),
  ])
  const writers = await shop.sql(
    `SELECT xmin::text FROM orders WHERE id = $1 UNION SELECT xmin::text FROM order_transitions WHERE order_id = $1
     UNION SELECT o.xmin::text FROM outbox o WHERE envelope ->> 'subject' = $1::text UNION SELECT u.xmin::text FROM outbox_unsent u
     JOIN outbox o USING (id) WHERE envelope ->> 'subject' = $1::text`,
    [id],
  )
  expect(writers).toHaveLength(1)
})

test('a traceparent that is none does not travel', async () => {
  const { id } = (await shop.place(body, { headers: { traceparent: 'x'.repeat(5_000) } })).json()
  expect((await shop.told(id))[0]).not.toHaveProperty('traceparent')
})

test('three hundred orders at once are all placed, each answered with its own', async () => {
  const customers = Array.from({ length: 300 }, newId)
  const answers = await Promise.all(customers.map((as) => shop.place(body, { as, key: 'same-for-everybody' })))
  for (const [index, answer] of answers.entries()) {
    expect(answer.statusCode).toBe(202)
    expect(await ordersOf(customers[index] ?? '')).toEqual([{ id: answer.json().id }])
  }
})

test('lines of one product are ordered as one', async () => {
  const { id } = (await shop.place({ ...body, items: [pens, pens] })).json()
  expect((await shop.told(id))[0]?.data).toMatchObject({ lines: [{ ...pens, quantity: 4 }] })
})

const item = (change: object) => ({ ...body, items: [{ ...pens, ...change }] })
const items = (count: number) => ({
  ...body,
  items: Array.from({ length: count }, () => ({ productId: newId(), quantity: 1 })),
})

describe('is refused as not valid, and stores nothing:', () => {
  test.each<[string, unknown]>([
    ['the body null', null],
    ['a list for a body', []],
    ['a text for a body', 'x'],
    ['a number for a body', 1],
    ['no payment token', { items: [pens] }],
    ['an empty payment token', { ...body, paymentToken: '' }],
    ['a payment token of 201 characters', { ...body, paymentToken: 'x'.repeat(201) }],
    ['NUL in the payment token', { ...body, paymentToken: 'tok\u0000' }],
    ['a line feed in the payment token', { ...body, paymentToken: 'tok\r\nX: y' }],
    ['a list for the payment token', { ...body, paymentToken: ['tok'] }],
    ['the quantity "2"', item({ quantity: '2' })],
    ['the quantity true', item({ quantity: true })],
    ['the quantity [5]', item({ quantity: [5] })],
    ['the quantity null', item({ quantity: null })],
    ['the quantity ""', item({ quantity: '' })],
    ['the quantity 0', item({ quantity: 0 })],
    ['the quantity -1', item({ quantity: -1 })],
    ['the quantity 1.5', item({ quantity: 1.5 })],
    ['the quantity 1001', item({ quantity: 1001 })],
    ['the quantity 2^31', item({ quantity: 2 ** 31 })],
    ['the quantity 2^53 + 1', item({ quantity: 2 ** 53 + 1 })],
    ['no lines', items(0)],
    ['51 lines', items(51)],
    [
      'one product 1,001 times in two lines',
      {
        ...body,
        items: [
          { ...pens, quantity: 1000 },
          { ...pens, quantity: 1 },
        ],
      },
    ],
    ['a product that is no UUID', item({ productId: 'pen' })],
    ['a product of another UUID version', item({ productId: '6f1c2a52-9c36-4f9e-8f0f-0c0a5a3f7f11' })],
    ['NUL in the product', item({ productId: `${pens.productId}\u0000` })],
    ['a price of the client', item({ unitPriceMinor: 1 })],
    ['a price by another name', item({ price: 1 })],
    ['a total of the client', { ...body, totalMinor: 1 }],
    ['a currency of the client', { ...body, currency: 'USD' }],
    ['a status', { ...body, status: 'paid' }],
    ['another customer', { ...body, customerId: newId() }],
    ['a negative expected total', { ...body, expectedTotalMinor: -1 }],
    ['an expected total of half a cent', { ...body, expectedTotalMinor: 0.5 }],
    ['an expected total as text', { ...body, expectedTotalMinor: '2500' }],
  ])('%s', async (_name, payload) => {
    const as = newId()
    const headers = { 'content-type': 'application/json' }
    const answer = await shop.place(JSON.stringify(payload) as unknown as object, { as, headers })
    expect([answer.statusCode, slugOf(answer)]).toEqual([400, 'validation'])
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(await ordersOf(as)).toEqual([])
  })

  test.each([
    ['JSON cut short', '{"items":', 400, 'malformed-json'],
    ['nothing', '', 400, 'malformed-json'],
    ['1e400', `{"paymentToken":"t","items":[{"productId":"${pens.productId}","quantity":1e400}]}`, 400, 'validation'],
    ['__proto__', `{"__proto__":{"polluted":1},"paymentToken":"t"}`, 400, 'malformed-json'],
    ['more than 64 KiB', JSON.stringify({ paymentToken: 'x'.repeat(70_000) }), 413, 'payload-too-large'],
  ])('%s', async (_name, payload, status, slug) => {
    const answer = await shop.place(payload as unknown as object, { headers: { 'content-type': 'application/json' } })
    expect([answer.statusCode, slugOf(answer)]).toEqual([status, slug])
    expect({}).not.toHaveProperty('polluted')
  })

  test.each(['', '""', 'a b', 'ä', 'x'.repeat(256), '"open'])('the idempotency key %j', async (key) => {
    const as = newId()
    expect((await shop.place(body, { as, key })).statusCode).toBe(400)
    expect(await ordersOf(as)).toEqual([])
  })
})

describe('is answered 401:', () => {
  const bearers: Record<string, () => string> = {
    'no token': () => '',
    'Bearer without a token': () => 'Bearer ',
    'Basic credentials': () => 'Basic YTpi',
    'an expired token': () => shop.tokens.bearer(shop.customer, 'customer', { expiresIn: -120 }),
    'a token for another audience': () => shop.tokens.bearer(shop.customer, 'customer', { audience: 'bank' }),
    'a token of another issuer': () => shop.tokens.bearer(shop.customer, 'customer', { issuer: 'mallory' }),
    'a token that is not yet valid': () => shop.tokens.bearer(shop.customer, 'customer', { notBefore: 300 }),
  }
  const refused = async (authorization: string) => {
    const before = await ordersOf(shop.customer)
    const requests = [
      { method: 'POST', url: '/orders', payload: body },
      { method: 'GET', url: `/orders/${newId()}` },
      { method: 'GET', url: '/orders' },
      { method: 'POST', url: `/orders/${newId()}/cancel` },
    ] as const
    for (const request of requests) {
      const answer = await shop.runtime.app.inject({ ...request, headers: authorization ? { authorization } : {} })
      expect([answer.statusCode, slugOf(answer), answer.headers['www-authenticate']]).toEqual([
        401,
        'unauthenticated',
        'Bearer',
      ])
    }
    expect(await ordersOf(shop.customer)).toEqual(before)
  }

  test.each(Object.keys(bearers))('%s', (name) => refused(bearers[name]?.() ?? ''))

  test('a token signed with a foreign key', async () => {
    const foreign = await testTokens()
    try {
      await refused(foreign.bearer(shop.customer))
    } finally {
      await foreign.close()
    }
  })
})
