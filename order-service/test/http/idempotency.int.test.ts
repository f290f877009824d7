import { type Database, type Id, newId, type Runtime } from '@order-saga/common'
import { fingerprintOf, insertOrders, type NewOrder } from '../../src/db/insert-orders'
import { charged, pens } from '../given'
import { body, databaseAt, type OrderUnderTest, orderUnderTest, slugOf } from '../order-under-test'
import { type CuttingProxy, cuttingProxy } from './cutting-proxy'

let shop: OrderUnderTest
let other: Runtime
let foreign: Database
beforeAll(async () => {
  shop = await orderUnderTest()
  other = await shop.another()
  foreign = databaseAt(shop.home.url)
})
afterAll(async () => {
  await foreign.close()
  await shop.close()
})

const keysOf = async (customer: Id) =>
  (await shop.sql<{ id: Id }>('SELECT id FROM orders WHERE customer_id = $1', [customer])).map(({ id }) => id)

test('R17: fifty requests with one key at once, on two instances: one order, fifty equal answers', async () => {
  const as = newId()
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => shop.place(body, { as, key: 'once' }, n % 2 ? other : shop.runtime)),
  )
  const [id] = await keysOf(as)
  expect(await keysOf(as)).toHaveLength(1)
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]))
  expect(new Set(answers.map((answer) => answer.body)).size).toBe(1)
  expect(new Set(answers.map(({ headers }) => headers.location))).toEqual(new Set([`/orders/${id}`]))
  expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(49)
  expect(await shop.told(id)).toHaveLength(1)
})

test('the answer is the same to the letter after the order has ended', async () => {
  const asked = { as: newId(), key: 'later' }
  const first = await shop.place(body, asked)
  await shop.saga.settle(charged(first.json().id))
  const again = await shop.place(body, asked)
  expect([again.statusCode, again.body]).toEqual([202, first.body])
  expect(again.headers['idempotency-replayed']).toBe('true')
})

test('the same content in another sequence is the same request', async () => {
  const asked = { as: newId(), key: 'sequence' }
  const first = await shop.place({ paymentToken: 't', items: [{ productId: pens.productId, quantity: 1 }] }, asked)
  const again = await shop.place({ items: [{ quantity: 1, productId: pens.productId }], paymentToken: 't' }, asked)
  expect(again.body).toBe(first.body)
})

test('one key for another request is refused, and the first order stays as it is', async () => {
  const asked = { as: newId(), key: 'reused' }
  const first = await shop.place(body, asked)
  for (const payload of [
    { ...body, paymentToken: 'tok_other' },
    { items: [{ ...pens, quantity: 3 }], paymentToken: 'tok_visa' },
    { paymentToken: 'tok_visa' },
  ]) {
    const answer = await shop.place(payload, asked)
    expect([answer.statusCode, slugOf(answer)]).toEqual([422, 'idempotency-key-reused'])
  }
  expect((await shop.place(body, asked)).body).toBe(first.body)
  expect(await keysOf(asked.as)).toHaveLength(1)
})

test('two customers may use one key', async () => {
  const [mine, theirs] = await Promise.all([
    shop.place(body, { as: newId(), key: 'k' }),
    shop.place(body, { as: newId(), key: 'k' }),
  ])
  expect(mine.json().id).not.toBe(theirs.json().id)
  expect(theirs.headers).not.toHaveProperty('idempotency-replayed')
})

test('without a key every request is an order of its own', async () => {
  const as = newId()
  await Promise.all([shop.place(body, { as }), shop.place(body, { as })])
  expect(await keysOf(as)).toHaveLength(2)
})

test('quoted or bare, it is one key', async () => {
  const as = newId()
  const bare = await shop.place(body, { as, key: 'abc' })
  const quoted = await shop.place(body, { as, key: '"abc"' })
  expect(quoted.body).toBe(bare.body)
})

test('a refused request does not use up its key', async () => {
  const asked = { as: newId(), key: 'refused' }
  expect((await shop.place({ ...body, items: [] }, asked)).statusCode).toBe(400)
  expect((await shop.place({ paymentToken: 'tok_visa' }, asked)).statusCode).toBe(503)
  const answer = await shop.place(body, asked)
  expect(answer.statusCode).toBe(202)
  expect(answer.headers).not.toHaveProperty('idempotency-replayed')
})

const newOrder = (customerId: Id, idempotencyKey: string): NewOrder => ({
  id: newId(),
  customerId,
  lines: [pens],
  currency: 'EUR',
  expectedTotalMinor: null,
  paymentToken: 'tok_visa',
  fromCart: false,
  idempotencyKey,
  fingerprint: fingerprintOf('POST /orders', body),
  createdEventId: newId(),
  correlationId: newId(),
  traceparent: null,
})

/** Another process has the key in a transaction until it is let go. */
async function hold(order: NewOrder) {
  let letGo = () => {}
  const released = new Promise<void>((resolve) => {
    letGo = resolve
  })
  let inserted = () => {}
  const isHeld = new Promise<void>((resolve) => {
    inserted = resolve
  })
  const done = foreign.transaction(async (tx) => {
    await insertOrders(tx, [order], { deadlineMs: 120_000, maxOpen: 0 })
    inserted()
    await released
  })
  await isHeld
  return () => {
    letGo()
    return done
  }
}

describe('a key that another process is working on', () => {
  test('is waited for, and its order is the answer', async () => {
    const order = newOrder(newId(), 'held')
    const release = await hold(order)
    const waiting = shop.place(body, { as: order.customerId, key: 'held' })
    const others = Array.from({ length: 20 }, () => shop.place(body, { as: newId(), key: 'held' }))
    for (const answer of await Promise.all(others)) expect(answer.statusCode).toBe(202)
    await release()
    const answer = await waiting
    expect([answer.statusCode, answer.json().id, answer.headers['idempotency-replayed']]).toEqual([
      202,
      order.id,
      'true',
    ])
    expect(await keysOf(order.customerId)).toEqual([order.id])
  })

  test('for more than two seconds is answered 409, and a retry finds the order', async () => {
    const order = newOrder(newId(), 'held long')
    const release = await hold({ ...order, idempotencyKey: 'held-long' })
    const beganAtMs = performance.now()
    const asked = { as: order.customerId, key: 'held-long' }
    const waiting = shop.place(body, asked)
    // whoever else orders meanwhile does not wait for that key
    const other = shop.place(body, { as: newId() })
    expect(await Promise.race([waiting, other])).toBe(await other)
    expect((await other).statusCode).toBe(202)
    const answer = await waiting
    expect([answer.statusCode, slugOf(answer)]).toEqual([409, 'idempotency-in-progress'])
    expect(answer.headers['retry-after']).toBe('1')
    expect(performance.now() - beganAtMs).toBeGreaterThan(2_000)
    expect(performance.now() - beganAtMs).toBeLessThan(20_000)
    await release()
    expect((await shop.place(body, asked)).json().id).toBe(order.id)
  })
})

describe('R24: a commit nobody heard of', () => {
  let proxy: CuttingProxy
  let instance: Runtime
  beforeAll(async () => {
    proxy = await cuttingProxy(shop.home.url)
    instance = await shop.another({ databaseUrl: proxy.url })
  })
  afterAll(() => proxy.close())

  test.each([
    ['A0: the connection is lost before the COMMIT arrives: the retry creates the order', 'before', undefined],
    ['A1: it is lost after the COMMIT arrived: the retry is a replay', 'after', 'true'],
  ] as const)('%s', async (_name, moment, replayed) => {
    const asked = { as: newId(), key: moment }
    proxy.cutAtCommit(moment)
    const lost = await shop.place(body, asked, instance)
    expect([lost.statusCode, slugOf(lost)]).toEqual([503, 'service-unavailable'])
    expect(proxy.cuts).toBe(1)
    const retried = await shop.place(body, asked, instance)
    expect([retried.statusCode, retried.headers['idempotency-replayed']]).toEqual([202, replayed])
    expect(await keysOf(asked.as)).toEqual([retried.json().id])
    expect(await shop.told(retried.json().id)).toHaveLength(1)
  })
})
