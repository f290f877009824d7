import { newId } from '@order-saga/common'
import { eventually, servers, TcpProxy } from '@order-saga/common/testing'
import { Client } from 'pg'
import { effectSaga } from './support/effects'
import { deadLetters, inboxIds, isConnected, type Plumbing, parkedRows, placeOrders, Shop } from './support/shop'

jest.setTimeout(60_000)

let shop: Shop
let proxy: TcpProxy
let sender: Plumbing
beforeAll(async () => {
  shop = await Shop.open()
})
beforeEach(async () => {
  const { hostname, port } = new URL(servers.postgresAdminUrl)
  proxy = await TcpProxy.to(hostname, Number(port))
  sender = await shop.start('order-service')
})
afterEach(async () => {
  await shop.reset()
  await proxy.close()
})
afterAll(() => shop.close())

const saga = effectSaga() as never
const throughProxy = () => ({ saga, databaseUrl: proxy.through(shop.urlOf('product-service')) })
const ids = (count: number) => Array.from({ length: count }, newId)
const done = (expected: readonly string[]) =>
  eventually(async () => expect((await shop.effectIds()).toSorted()).toEqual([...expected].toSorted()), 30_000)

/** Neither parked nor dead, and nothing left in the queue. */
async function nothingElse(receiver: Plumbing, events: readonly string[]): Promise<void> {
  expect(await shop.rows(parkedRows)).toEqual([])
  expect(await shop.rows(deadLetters)).toEqual([])
  expect(await shop.rows(inboxIds)).toHaveLength(events.length)
  await receiver.bus.stopConsuming()
  await receiver.consumer?.drain()
  await receiver.stop()
  expect(await shop.depthOf('product-service.events')).toBe(0)
}

async function terminateSessions(): Promise<void> {
  const admin = new Client({ connectionString: servers.postgresAdminUrl })
  await admin.connect()
  const database = new URL(shop.urlOf('product-service')).pathname.slice(1)
  const sql = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = $2'
  await admin.query(sql, [database, 'product-service'])
  await admin.end()
}

it('terminated database sessions lose and double nothing', async () => {
  const receiver = await shop.start('product-service', { saga })
  const events: string[] = []
  for (let round = 0; round < 10; round++) {
    events.push(...(await placeOrders(sender.database, ids(50))))
    await terminateSessions()
  }
  await done(events)
  await nothingElse(receiver, events)
})

it('holds while the database is away: nothing is acked, nothing is anybody’s fault', async () => {
  const receiver = await shop.start('product-service', throughProxy())
  await proxy.refuse()
  proxy.reset()
  const events = await placeOrders(sender.database, ids(250))
  await eventually(() => expect(receiver.consumer?.holding).toMatch(/ECONNREFUSED|Connection terminated/))
  expect(receiver.consumer?.unsettled).toBeGreaterThan(0)
  expect(receiver.bus.isConsuming).toBe(true)
  await proxy.accept()
  await done(events)
  expect(receiver.consumer?.holding).toBeUndefined()
  await nothingElse(receiver, events)
})

it('gives back what it holds, once, when that lasts too long, and resubscribes when the database is back', async () => {
  const receiver = await shop.start('product-service', { ...throughProxy(), maxHoldMs: 300 })
  await proxy.refuse()
  proxy.reset()
  const events = await placeOrders(sender.database, ids(3))
  const { channel } = await shop.raw()
  const state = () => channel.checkQueue('product-service.events')
  await eventually(async () => expect(await state()).toMatchObject({ messageCount: 1, consumerCount: 0 }))
  expect(receiver.bus.isConsuming).toBe(false)
  expect(receiver.consumer?.holding).toBeDefined()
  await eventually(() => expect(receiver.bus.canPublish).toBe(true))
  // far longer than the longest pause before a reconnect: it stays away
  const until = performance.now() + 2_500
  await eventually(async () => {
    expect(await state()).toMatchObject({ messageCount: 1, consumerCount: 0 })
    expect(performance.now()).toBeGreaterThan(until)
  })
  const count = async () => {
    const message = await channel.get('product-service.events')
    if (message) channel.nack(message)
    return message ? message.properties.headers?.['x-delivery-count'] : undefined
  }
  expect(await count()).toBe(1)
  await proxy.accept()
  await isConnected(receiver)
  await done(events)
  expect(receiver.consumer?.holding).toBeUndefined()
  await nothingElse(receiver, events)
})

it('a commit whose answer is lost has one effect', async () => {
  const receiver = await shop.start('product-service', throughProxy())
  const duplicates = async () => {
    const { values } = await receiver.metrics.events.get()
    return values.find(({ labels }) => labels.outcome === 'duplicate')?.value
  }
  const all: string[] = []
  for (let round = 1; round <= 5; round++) {
    const cut = proxy.cutAfter(/COMMIT/)
    all.push(...(await placeOrders(sender.database, ids(20))))
    await cut
    // it was committed: the second try meets its own claims
    await eventually(async () => expect(await duplicates()).toBe(20 * round))
    await done(all)
  }
  await nothingElse(receiver, all)
})

it('a database that accepts and never answers is given up and asked anew', async () => {
  const receiver = await shop.start('product-service', throughProxy())
  const first = await placeOrders(sender.database, ids(1))
  await done(first)
  proxy.mode = 'half-open'
  const second = await placeOrders(sender.database, ids(1))
  await eventually(() => expect(receiver.consumer?.holding).toBeDefined(), 20_000)
  proxy.mode = 'pass'
  await done([...first, ...second])
  await nothingElse(receiver, [...first, ...second])
})
