import { isId, newId } from '@order-saga/common'
import { PlacementUnknown, placeOrder, Refused } from '@order-saga/common/client'
import { body, type OrderUnderTest, orderUnderTest } from '../order-under-test'
import { type Trouble, type UnreliableFront, unreliableFront } from './unreliable-front'

let shop: OrderUnderTest
let front: UnreliableFront
beforeAll(async () => {
  shop = await orderUnderTest()
  front = await unreliableFront(await shop.listen())
})
afterAll(async () => {
  await front.close()
  await shop.close()
})

const tokenOf = (customer: string) => shop.tokens.bearer(customer).slice('Bearer '.length)
const ordersOf = (customer: string) => shop.sql('SELECT id FROM orders WHERE customer_id = $1', [customer])
const keys = () => front.seen.map(({ headers }) => headers['idempotency-key'])

/** Orders as a new customer. */
function asCustomer(troubles: Trouble[] = []) {
  const customer = newId()
  front.prepare(...troubles)
  return { customer, options: { baseUrl: front.url, token: tokenOf(customer), body } }
}

test('an order is placed with a key of its own', async () => {
  const { customer, options } = asCustomer()
  const placed = await placeOrder(options)
  expect(placed).toMatchObject({ status: 'pending', isReplay: false, attempts: 1, pollAfterMs: 50 })
  expect(isId(placed.idempotencyKey)).toBe(true)
  expect(keys()).toEqual([placed.idempotencyKey])
  expect(await ordersOf(customer)).toEqual([{ id: placed.id }])
})

test.each<[string, Trouble[], boolean]>([
  ['A0: a request that never arrived', ['lost'], false],
  ['A2: an answer that got lost after the commit', ['answer lost'], true],
  ['three lost answers', ['answer lost', 'answer lost', 'answer lost'], true],
  ['a service that is overloaded', [{ status: 503, headers: { 'retry-after': '0' } }], false],
  ['a limit on requests', [{ status: 429 }], false],
  ['a page of a proxy', [{ status: 502, body: '<html>' }], false],
  ['an answer that is no JSON after the commit', ['answer lost', { status: 500 }], true],
  ['an earlier attempt still under way', [{ status: 409, body: { type: '/problems/idempotency-in-progress' } }], false],
])('%s is asked again with the same key, and makes one order', async (_name, troubles, isReplay) => {
  const { customer, options } = asCustomer(troubles)
  const placed = await placeOrder(options)
  expect(placed).toMatchObject({ isReplay, attempts: troubles.length + 1 })
  expect(new Set(keys())).toEqual(new Set([placed.idempotencyKey]))
  expect(keys()).toHaveLength(troubles.length + 1)
  expect(await ordersOf(customer)).toEqual([{ id: placed.id }])
})

test('Retry-After is waited for', async () => {
  const { options } = asCustomer([{ status: 503, headers: { 'retry-after': '1' } }])
  await placeOrder(options)
  const [first, second] = front.seen
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(990)
})

test('the pauses grow', async () => {
  const { options } = asCustomer([{ status: 503 }, { status: 503 }, { status: 503 }])
  await placeOrder(options)
  const at = front.seen.map(({ atMs }) => atMs)
  const pauses = at.slice(1).map((ms, index) => ms - (at[index] ?? 0))
  for (const [index, leastMs] of [80, 160, 320].entries()) expect(pauses[index]).toBeGreaterThanOrEqual(leastMs - 1)
})

test('asking with the key of an earlier call tells what became of it', async () => {
  const { customer, options } = asCustomer()
  const first = await placeOrder(options)
  const again = await placeOrder({ ...options, idempotencyKey: first.idempotencyKey })
  expect(again).toMatchObject({ id: first.id, isReplay: true })
  expect(await ordersOf(customer)).toHaveLength(1)
})

test.each([
  ['a body that is not valid', { body: { items: [], paymentToken: 't' } }, 400, 'validation'],
  ['a token that is no good', { token: 'x' }, 401, 'unauthenticated'],
])('%s is refused at once', async (_name, change, status, slug) => {
  const { options } = asCustomer()
  await expect(placeOrder({ ...options, ...change })).rejects.toMatchObject({ name: 'Refused', status, slug })
  expect(front.seen).toHaveLength(1)
})

test('a key used for another order is refused at once', async () => {
  const { options } = asCustomer()
  const { idempotencyKey } = await placeOrder(options)
  const other = { ...options, body: { ...body, paymentToken: 'tok_other' }, idempotencyKey }
  await expect(placeOrder(other)).rejects.toThrow(Refused)
})

test('when the time is up it is unknown whether there is an order, and the key tells later', async () => {
  const { customer, options } = asCustomer(['answer lost', ...Array.from({ length: 20 }, () => 'lost' as const)])
  const failure = await placeOrder({ ...options, maxMs: 500 }).catch((error) => error)
  expect(failure).toBeInstanceOf(PlacementUnknown)
  expect(failure.attempts).toBe(front.seen.length)
  front.prepare()
  const { id, isReplay } = await placeOrder({ ...options, idempotencyKey: failure.idempotencyKey })
  expect(isReplay).toBe(true)
  expect(await ordersOf(customer)).toEqual([{ id }])
})

test('nobody listens: the limit holds', async () => {
  const { options } = asCustomer()
  const beganAtMs = performance.now()
  await expect(placeOrder({ ...options, baseUrl: 'http://127.0.0.1:1', maxMs: 400 })).rejects.toThrow(PlacementUnknown)
  // a client without a limit of its own goes on for half a minute
  expect(performance.now() - beganAtMs).toBeLessThan(20_000)
})

test('the caller can call it off, while asking and while pausing', async () => {
  const reason = new Error('no longer wanted')
  for (const troubles of [[], Array.from({ length: 20 }, () => 'lost' as const)]) {
    const { options } = asCustomer(troubles)
    const stop = new AbortController()
    const placing = placeOrder({ ...options, signal: stop.signal })
    stop.abort(reason)
    await expect(placing).rejects.toBe(reason)
  }
  const { options } = asCustomer([{ status: 503, headers: { 'retry-after': '20' } }])
  const stop = new AbortController()
  const placing = placeOrder({ ...options, signal: stop.signal })
  setTimeout(() => stop.abort(reason), 200)
  await expect(placing).rejects.toBe(reason)
})
