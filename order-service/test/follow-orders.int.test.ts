import { type Id, newId, Problem } from '@order-saga/common'
import { FollowOrders, type StreamLimits } from '../src/use-cases/follow-orders'
import { WatchOrders } from '../src/use-cases/watch-orders'
import { charged } from './given'
import { type OrderUnderTest, orderUnderTest } from './order-under-test'

let shop: OrderUnderTest
beforeAll(async () => {
  shop = await orderUnderTest()
})
afterAll(() => shop.close())

const never = new AbortController().signal
const opened: FollowOrders[] = []
afterEach(() => {
  for (const follow of opened.splice(0)) follow.close()
})

function followers(limits: Partial<StreamLimits> = {}, database = shop.runtime.database): FollowOrders {
  const follow = new FollowOrders(database, new WatchOrders(database), limits)
  opened.push(follow)
  return follow
}

const placed = async (): Promise<Id> => (await shop.place()).json().id

test('while nothing happens there is a sign of life', async () => {
  const news = followers({ heartbeatMs: 20 })
    .follow(await placed(), shop.customer, 1)
    .news(never)
  for (let beat = 0; beat < 3; beat++) expect(await news.next()).toEqual({ value: undefined, done: false })
})

test('it ends when its time has come, and the order goes on', async () => {
  const id = await placed()
  const told = []
  const { news } = followers({ maxAgeMs: 100 }).follow(id, shop.customer, 0)
  for await (const order of news(never)) told.push(order?.status)
  expect(told).toEqual(['pending', undefined])
})

test('what another instance commits is found by asking', async () => {
  const id = await placed()
  const news = followers({ heartbeatMs: 60_000 }).follow(id, shop.customer, 0).news(never)
  expect((await news.next()).value?.status).toBe('pending')
  await shop.saga.settle(charged(id))
  expect((await news.next()).value?.status).toBe('paid')
  expect((await news.next()).done).toBe(true)
})

test('what this process commits is told without asking', async () => {
  const id = await placed()
  const away = () => Promise.reject(new Error('away'))
  const database = { query: away, execute: away }
  const follow = new FollowOrders(database, new WatchOrders(shop.runtime.database), { heartbeatMs: 60_000 })
  opened.push(follow)
  const news = follow.follow(id, shop.customer, 0).news(never)
  expect((await news.next()).value?.status).toBe('pending')
  const next = news.next()
  await shop.saga.settle(charged(id))
  follow.changed([newId(), id])
  expect((await next).value?.status).toBe('paid')
})

test('two who have seen different versions are both told', async () => {
  const id = await placed()
  const follow = followers({ heartbeatMs: 60_000 })
  const [behind, ahead] = [0, 1].map((seen) => follow.follow(id, shop.customer, seen).news(never))
  expect((await behind?.next())?.value?.version).toBe(1)
  expect((await ahead?.next())?.value).toBeUndefined()
  await shop.saga.settle(charged(id))
  expect((await behind?.next())?.value?.version).toBe(2)
  expect((await ahead?.next())?.value?.version).toBe(2)
})

const slugOf = (attempt: () => unknown): string | undefined => {
  try {
    attempt()
    return undefined
  } catch (error) {
    return error instanceof Problem ? `${error.status} ${error.slug}` : String(error)
  }
}

test('an instance tells so many and no more, and nobody any more once it closes', async () => {
  const follow = followers({ inAll: 2, perCustomer: 2 })
  const [first] = [newId(), newId()].map((customer) => follow.follow(newId(), customer, 0))
  expect(slugOf(() => follow.follow(newId(), newId(), 0))).toBe('503 streams-exhausted')
  first?.stop()
  expect(slugOf(() => follow.follow(newId(), newId(), 0))).toBeUndefined()
  follow.close()
  expect(slugOf(() => follow.follow(newId(), newId(), 0))).toBe('503 streams-exhausted')
})

test('while its database is away it tells nothing, and does not end', async () => {
  const id = await placed()
  const read = () => Promise.reject(new Error('away'))
  const follow = new FollowOrders(shop.runtime.database, { read }, { heartbeatMs: 20 })
  opened.push(follow)
  const news = follow.follow(id, shop.customer, 0).news(never)
  for (let beat = 0; beat < 3; beat++) expect(await news.next()).toEqual({ value: undefined, done: false })
})
