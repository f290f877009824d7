import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Metrics, newId, redisClient, silent } from '@order-saga/common'
import { eventually, servers } from '@order-saga/common/testing'
import type { Redis } from 'ioredis'
import { ProductCache } from '../src/cache/product-cache'
import type { Loaded } from '../src/db/product-statements'

const catalogueId = newId()
const redis = redisClient(servers.redisUrl, silent)
const nowhere = redisClient('redis://127.0.0.1:1', silent)

beforeAll(() => redis.connect())
afterAll(async () => {
  const keys = await redis.keys(`test:product:${catalogueId}:*`)
  if (keys.length > 0) await redis.del(...keys)
  redis.disconnect()
  nowhere.disconnect()
})

/** A table of one product, whose reads can be held back. */
class Table {
  loads = 0
  atOnce = 0
  mostAtOnce = 0
  version = 1
  isDeleted = false
  #gate: Promise<void> = Promise.resolve()
  #open = () => {}

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve
    })
  }

  release(): void {
    this.#open()
  }

  load = async (id: string): Promise<Loaded | undefined> => {
    this.loads++
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce)
    const { version, isDeleted } = this
    await this.#gate
    this.atOnce--
    return { version, isDeleted, product: { ...pen, id, version } }
  }
}

const pen = {
  sku: 'PEN',
  name: 'Pen',
  description: '',
  category: 'office',
  priceMinor: 100,
  currency: 'EUR',
  available: 3,
  isActive: true,
}

function cacheOver(table: Table, client: Redis = redis): ProductCache {
  const cache = new ProductCache({
    redis: client,
    prefix: 'test:',
    load: table.load,
    metrics: new Metrics('product-service'),
    log: silent,
  })
  cache.open(catalogueId)
  return cache
}

const keyOf = (id: string) => `test:product:${catalogueId}:${id}`
const isCached = (id: string, version: number) =>
  eventually(async () => expect(await redis.hget(keyOf(id), 'version')).toBe(String(version)))

test('fifty readers at once cause one load, and the next none', async () => {
  const table = new Table()
  const cache = cacheOver(table)
  const id = newId()
  const found = await Promise.all(Array.from({ length: 50 }, () => cache.find(id)))
  expect(new Set(found.map((product) => product?.id))).toEqual(new Set([id]))
  await isCached(id, 1)
  expect(await cache.find(id)).toEqual({ ...pen, id, version: 1 })
  expect(table.loads).toBe(1)
})

test('a copy lives five minutes, give or take a tenth, and one more while it is renewed', async () => {
  const cache = cacheOver(new Table())
  const ids = Array.from({ length: 20 }, newId)
  await Promise.all(ids.map((id) => cache.find(id)))
  const lifetimes = await Promise.all(
    ids.map(async (id) => {
      await isCached(id, 1)
      return ((await redis.pttl(keyOf(id))) - 60_000) / 300_000
    }),
  )
  expect(Math.min(...lifetimes)).toBeGreaterThan(0.89)
  expect(Math.max(...lifetimes)).toBeLessThanOrEqual(1.1)
  expect(new Set(lifetimes).size).toBeGreaterThan(1)
})

test('an expiring copy is served once more while the new one is fetched', async () => {
  const table = new Table()
  const cache = cacheOver(table)
  const id = newId()
  await cache.find(id)
  await isCached(id, 1)
  await redis.pexpire(keyOf(id), 30_000)
  table.version = 2
  expect((await cache.find(id))?.version).toBe(1)
  await isCached(id, 2)
  expect((await cache.find(id))?.version).toBe(2)
})

test('what was read before a change is not cached after it, in this process or another', async () => {
  for (const another of [false, true]) {
    const table = new Table()
    const cache = cacheOver(table)
    const writer = another ? cacheOver(new Table()) : cache
    const id = newId()
    table.hold()
    const slow = cache.find(id)
    await eventually(() => expect(table.loads).toBe(1))
    table.version = 2
    writer.outdate([{ id, version: 2 }])
    await isCached(id, 2)
    const later = another ? undefined : cache.find(id)
    if (later) await eventually(() => expect(table.loads).toBe(2))
    table.release()
    expect((await slow)?.version).toBe(1)
    if (later) expect((await later)?.version).toBe(2)
    // a round trip on the same connection: whatever the slow reader has sent is done
    await redis.ping()
    expect((await cache.find(id))?.version).toBe(2)
  }
})

test('an older version never replaces a newer one', async () => {
  const table = new Table()
  const cache = cacheOver(table)
  const id = newId()
  table.version = 7
  await cache.find(id)
  await isCached(id, 7)
  cache.outdate([{ id, version: 6 }])
  await redis.ping()
  expect((await cache.find(id))?.version).toBe(7)
  expect(table.loads).toBe(1)
})

test('a change outdates the copy at once', async () => {
  const table = new Table()
  const cache = cacheOver(table)
  const id = newId()
  await cache.find(id)
  table.version = 2
  cache.outdate([{ id, version: 2 }])
  expect((await cache.find(id))?.version).toBe(2)
})

test('a deleted product is remembered as gone', async () => {
  const table = new Table()
  const cache = cacheOver(table)
  const id = newId()
  table.isDeleted = true
  expect(await cache.find(id)).toBeUndefined()
  await isCached(id, 1)
  expect(await cache.find(id)).toBeUndefined()
  expect(table.loads).toBe(1)
})

test('without Redis products come from the database, ten reads at a time', async () => {
  const table = new Table()
  const cache = cacheOver(table, nowhere)
  table.hold()
  const ids = Array.from({ length: 100 }, newId)
  const reads = Promise.all(ids.map((id) => cache.find(id)))
  await eventually(() => expect(table.atOnce).toBe(10))
  table.release()
  expect((await reads).map((product) => product?.id)).toEqual(ids)
  expect(table.mostAtOnce).toBe(10)
  cache.outdate([{ id: newId(), version: 2 }])
})

test('a Redis that hangs delays a read by a quarter of a second, not longer', async () => {
  const { port, hang, close } = await proxyToRedis()
  const url = new URL(servers.redisUrl)
  url.host = `127.0.0.1:${port}`
  const hanging = redisClient(url.href, silent)
  await hanging.connect()
  const cache = cacheOver(new Table(), hanging)
  hang()
  const id = newId()
  const startedAt = performance.now()
  expect((await cache.find(id))?.id).toBe(id)
  // a read without a limit of its own would not come back
  expect(performance.now() - startedAt).toBeLessThan(20_000)
  hanging.disconnect()
  close()
})

test('a failed load is not remembered', async () => {
  const id = newId()
  let isBroken = true
  const load = async () => {
    if (isBroken) throw new Error('database away')
    return { version: 1, isDeleted: false, product: { ...pen, id, version: 1 } }
  }
  const cache = new ProductCache({ redis, prefix: 'test:', load, metrics: new Metrics('product-service'), log: silent })
  cache.open(catalogueId)
  await expect(cache.find(id)).rejects.toThrow('database away')
  isBroken = false
  expect((await cache.find(id))?.version).toBe(1)
})

/** Passes everything on until told to hang: like a server that is stopped or swaps, its connections stay open. */
async function proxyToRedis() {
  const { hostname, port } = new URL(servers.redisUrl)
  const sockets: Socket[] = []
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    client.pipe(upstream).pipe(client)
    sockets.push(client, upstream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    hang: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
