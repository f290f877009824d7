import { randomUUID } from 'node:crypto'
import { type Redis, redisClient, type ServiceName, serviceNames, silent } from '@order-saga/common'
import { eventually, servers } from '@order-saga/common/testing'
import { redisUrlOf } from '@order-saga/scripts/shop/service-env'
import { type InputShop, openInputShop } from './support/input-shop'
import { send } from './support/wire'

const PREFIX = 'shop:'

const clients = new Map<string, Redis>()
let administrator: Redis

async function connected(url: string): Promise<Redis> {
  const redis = redisClient(url, silent)
  await redis.connect()
  clients.set(url, redis)
  return redis
}
const as = async (service: ServiceName): Promise<Redis> => {
  const url = redisUrlOf(service, servers.redisUrl)
  return clients.get(url) ?? connected(url)
}

beforeAll(async () => {
  administrator = await connected(servers.redisUrl)
})
afterAll(() => {
  for (const redis of clients.values()) redis.disconnect()
})

interface Denial {
  readonly username: string
  readonly reason: string
  readonly object: string
}

/** What Redis refused to whom. */
async function denials(): Promise<Denial[]> {
  const entries = (await administrator.call('ACL', 'LOG', '128')) as unknown[][]
  const pairs = (entry: unknown[]) => entry.flatMap((name, at) => (at % 2 === 0 ? [[name, entry[at + 1]]] : []))
  return entries.map((entry) => Object.fromEntries(pairs(entry)) as Denial)
}

describe('a shop at work', () => {
  let world: InputShop
  beforeAll(async () => {
    await administrator.call('ACL', 'LOG', 'RESET')
    world = await openInputShop()
  }, 60_000)
  afterAll(() => world?.close())

  test('is refused nothing by Redis: limits, lockouts, copies of products, revoked tokens', async () => {
    const { shop, product } = world
    const somebody = await shop.customer()
    const wrong = Buffer.from(JSON.stringify({ email: `${randomUUID()}@example.com`, password: 'not this one' }))
    const json = { 'content-type': 'application/json' }
    for (let i = 0; i < 3; i++)
      await send(shop.url('auth-service'), { method: 'POST', path: '/login', headers: json, body: wrong })
    // a copy is put by the first read and found by a later one
    await eventually(async () => {
      await send(shop.url('product-service'), { method: 'GET', path: `/products/${product}`, headers: {} })
      const { text } = await send(shop.url('product-service'), { method: 'GET', path: '/metrics', headers: {} })
      expect(text).toMatch(/product_cache_reads_total\{.*outcome="hit".*\} [1-9]/)
    })
    await shop.ask('auth-service', '/logout', { token: somebody.token, method: 'POST' })
    for (const service of ['cart-service', 'order-service'] as const)
      await eventually(async () => {
        const path = service === 'cart-service' ? '/cart' : '/orders'
        expect((await shop.ask(service, path, { token: somebody.token })).status).toBe(401)
      })
    // how ioredis introduces itself; Redis 7.0 does not know it
    const grave = (await denials()).filter(({ object }) => object !== 'client|setinfo')
    expect(grave).toEqual([])
  }, 60_000)
})

describe.each(serviceNames)('%s', (service) => {
  const other = serviceNames[(serviceNames.indexOf(service) + 1) % serviceNames.length] ?? service
  const revoked = `${PREFIX}revoked`

  test('reaches its own keys, and reads what is published for all', async () => {
    const redis = await as(service)
    const key = `${PREFIX}${service}:test:${randomUUID()}`
    await redis.set(key, 'mine')
    expect(await redis.get(key)).toBe('mine')
    await redis.del(key)
    await administrator.set(revoked, '{}', 'NX')
    expect(await redis.get(revoked)).not.toBeNull()
  })

  test('reaches no key of another service, by no way', async () => {
    const redis = await as(service)
    const key = `${PREFIX}${other}:limit:writes:somebody`
    for (const command of [
      ['GET', key],
      ['SET', key, '1'],
      ['DEL', key],
      ['PTTL', key],
      ['EVAL', `return redis.call('GET', KEYS[1])`, '1', key],
      // not even one it does not announce
      ['EVAL', `return redis.call('GET', '${key}')`, '0'],
    ] as const) {
      const [name, ...values] = command
      await expect(redis.call(name, ...values)).rejects.toThrow(/NOPERM|can't access|No permissions/)
    }
  })

  test('publishes what is revoked only if it is auth-service', async () => {
    const redis = await as(service)
    await administrator.set(revoked, '{}', 'NX')
    // it is there: whoever may write it writes nothing this way
    const written = redis.set(revoked, '{}', 'NX')
    if (service === 'auth-service') expect(await written).toBeNull()
    else await expect(written).rejects.toThrow(/NOPERM/)
  })

  test.each([
    ['FLUSHALL'],
    ['FLUSHDB'],
    ['KEYS', '*'],
    ['SCAN', '0'],
    ['CONFIG', 'GET', '*'],
    ['ACL', 'LIST'],
    ['CLIENT', 'LIST'],
    ['MEMORY', 'DOCTOR'],
    ['RENAME', 'a', 'b'],
    ['PUBLISH', 'a', 'b'],
    ['SCRIPT', 'FLUSH'],
    ['EVAL', `return redis.call('FLUSHALL')`, '0'],
  ])('may not say %s %s %s', async (name, ...values) => {
    const redis = await as(service)
    await expect(redis.call(name, ...values)).rejects.toThrow(/NOPERM|can't run/)
  })
})
