import { type Id, newId } from '@order-saga/common'
import { placeOrder, pollOrder, Refused, StillPending } from '@order-saga/common/client'
import { eventually } from '@order-saga/common/testing'
import { charged, declined, priced, reserved } from '../given'
import { body, type OrderUnderTest, orderUnderTest } from '../order-under-test'
import { type UnreliableFront, unreliableFront } from './unreliable-front'

let shop: OrderUnderTest
let front: UnreliableFront
beforeAll(async () => {
  shop = await orderUnderTest()
  front = await unreliableFront(await shop.listen())
})
beforeEach(() => front.prepare())
afterAll(async () => {
  await front.close()
  await shop.close()
})

const tokenOf = (customer: Id) => shop.tokens.bearer(customer).slice('Bearer '.length)
const placed = async (): Promise<Id> => (await shop.place()).json().id
const asking = (orderId: Id) => ({ baseUrl: front.url, token: tokenOf(shop.customer), orderId, maxMs: 20_000 })
const tagsSent = () => front.seen.filter(({ headers }) => headers['if-none-match'] !== undefined).length
const pauses = () => front.seen.slice(1).map(({ atMs }, index) => atMs - (front.seen[index]?.atMs ?? 0))

test('an order that has ended is one question', async () => {
  const id = await placed()
  await shop.saga.settle(charged(id))
  expect(await pollOrder(asking(id))).toEqual({
    order: expect.objectContaining({ ...priced, id, status: 'paid', reason: null, refund: 'none' }),
    polls: 1,
    notModifiedShare: 0,
  })
})

test.each([
  ['paid', charged, null],
  ['cancelled', declined, 'payment_declined'],
])('an order that is %s while it is asked for', async (status, event, reason) => {
  const id = await placed()
  const polling = pollOrder(asking(id))
  await eventually(() => expect(tagsSent()).toBeGreaterThan(1))
  await shop.saga.settle(reserved(id))
  await eventually(() => expect(front.seen.at(-1)?.headers['if-none-match']).toBe(`"${id}-2"`))
  await shop.saga.settle(event(id))
  const { order, polls, notModifiedShare } = await polling
  expect(order).toMatchObject({ id, status, reason, version: 3 })
  expect(polls).toBe(front.seen.length)
  // all but the first, the priced and the last
  expect(notModifiedShare).toBeCloseTo((polls - 3) / polls)
})

test('the pauses follow the hints of the service: short at first, longer with the age of the order', async () => {
  const id = await placed()
  const polling = pollOrder(asking(id))
  await eventually(() => expect(front.seen.length).toBeGreaterThan(7))
  await shop.saga.settle(charged(id))
  await polling
  expect(pauses()[0]).toBeGreaterThanOrEqual(39)
  // at least one of the first, on the busiest machine
  expect(Math.min(...pauses().slice(0, 3))).toBeLessThan(400)
  const ageMs = (index: number) => (front.seen[index]?.atMs ?? 0) - (front.seen[0]?.atMs ?? 0)
  for (const [index, pauseMs] of pauses().slice(0, 7).entries())
    expect(pauseMs).toBeGreaterThanOrEqual(Math.min(ageMs(index), 4_000) * 0.4 - 1)
})

test('with Prefer: wait two questions see an order from its beginning to its end', async () => {
  const id = await placed()
  const polling = pollOrder({ ...asking(id), preferWaitS: 10 })
  await eventually(() => expect(front.seen[0]?.headers.prefer).toBe('wait=10'))
  await shop.saga.settle(reserved(id))
  await shop.saga.settle(charged(id))
  const { order, polls } = await polling
  expect(order.status).toBe('paid')
  expect(polls).toBeLessThanOrEqual(2)
})

test('a wait that brought nothing is asked for again at once', async () => {
  const id = await placed()
  const polling = pollOrder({ ...asking(id), preferWaitS: 1 })
  await eventually(() => expect(tagsSent()).toBe(2))
  await shop.saga.settle(charged(id))
  const { order, polls, notModifiedShare } = await polling
  expect([order.status, polls, notModifiedShare]).toEqual(['paid', 3, 1 / 3])
  // a pause of its own would take as long again as the wait
  expect(Math.min(...pauses())).toBeLessThan(1_900)
})

test('a service that is away, overloaded or garbled is asked again, and Retry-After is waited for', async () => {
  const id = await placed()
  await shop.saga.settle(charged(id))
  front.prepare(
    'lost',
    'answer lost',
    { status: 503, headers: { 'retry-after': '1' } },
    { status: 502, body: '<html>' },
    { status: 429 },
  )
  const { order, polls } = await pollOrder(asking(id))
  expect([order.status, polls]).toEqual(['paid', 6])
  expect(pauses()[2]).toBeGreaterThanOrEqual(990)
})

test('giving up says that the order is still pending, not that it failed', async () => {
  const id = await placed()
  const failure = await pollOrder({ ...asking(id), maxMs: 400 }).catch((error) => error)
  expect(failure).toBeInstanceOf(StillPending)
  expect(failure).toMatchObject({ orderId: id, order: { status: 'pending' }, polls: front.seen.length })
  await shop.saga.settle(charged(id))
  expect((await pollOrder(asking(id))).order.status).toBe('paid')
})

test('giving up holds with nobody there, and with a service that does not answer', async () => {
  const beganAtMs = performance.now()
  const nobody = { ...asking(newId()), baseUrl: 'http://127.0.0.1:1', maxMs: 300 }
  await expect(pollOrder(nobody)).rejects.toMatchObject({ name: 'StillPending', order: undefined })
  const id = await placed()
  await expect(pollOrder({ ...asking(id), preferWaitS: 20, maxMs: 1_500 })).rejects.toBeInstanceOf(StillPending)
  // less than what it asked to be held for
  expect(performance.now() - beganAtMs).toBeLessThan(18_000)
})

test('an order that is not there, or a token that is no good, is not asked for twice', async () => {
  for (const change of [{ orderId: newId() }, { token: 'x' }, { token: tokenOf(newId()) }]) {
    front.prepare()
    await expect(pollOrder({ ...asking(await placed()), ...change })).rejects.toBeInstanceOf(Refused)
    expect(front.seen).toHaveLength(1)
  }
})

test('the caller can call it off at any moment, for a reason of its own', async () => {
  const reason = new Error('no longer wanted')
  const id = await placed()
  for (const preferWaitS of [0, 10]) {
    front.prepare()
    const stop = new AbortController()
    const polling = pollOrder({ ...asking(id), preferWaitS, signal: stop.signal })
    await eventually(() => expect(front.seen.length).toBeGreaterThan(0))
    stop.abort(reason)
    await expect(polling).rejects.toBe(reason)
  }
  await expect(pollOrder({ ...asking(id), signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('fifty customers order and poll at once, each sees the own order end', async () => {
  const baseUrl = front.url
  const ends = Array.from({ length: 50 }, async (_, n) => {
    const token = tokenOf(newId())
    const { id: orderId, pollAfterMs: afterMs } = await placeOrder({ baseUrl, token, body })
    const polling = pollOrder({ baseUrl, token, orderId, afterMs, preferWaitS: n % 2 ? 5 : 0, maxMs: 20_000 })
    await shop.saga.settle(n % 3 ? charged(orderId) : declined(orderId))
    const { order } = await polling
    expect([order.id, order.status]).toEqual([orderId, n % 3 ? 'paid' : 'cancelled'])
  })
  await Promise.all(ends)
})
