import { newId, type ServiceName, serviceNames } from '@order-saga/common'
import { eventually, servers, TcpProxy } from '@order-saga/common/testing'
import { expected } from './support/access'
import { indecencies } from './support/decency'
import { askEveryday, expectGoesOn, type InputShop, openInputShop } from './support/input-shop'
import { type Received, send } from './support/wire'

jest.setTimeout(120_000)

// two seconds are promised, the third is for a busy machine; without our own clock it would be 5 to 15
const PATIENCE_MS = 3_000

let world: InputShop
let database: TcpProxy
beforeAll(async () => {
  world = await openInputShop()
  const { hostname, port } = new URL(servers.postgresAdminUrl)
  database = await TcpProxy.to(hostname, Number(port))
  const { shop } = world
  const behindProxy = (service: ServiceName) => ({
    SHOP_DATABASE_URL: database.through(shop.premises.databaseUrl(service)),
  })
  await Promise.all(serviceNames.map((service) => shop.restart(service, behindProxy(service))))
  // every service has the public keys, and connections that will fall silent
  await Promise.all(serviceNames.map((service) => Promise.all([askEveryday(world, service), write(service)])))
})
afterEach(async () => {
  database.mode = 'pass'
  database.reset()
  await database.accept()
  await eventually(() => Promise.all(serviceNames.map((service) => expectGoesOn(world, service))), 30_000)
})
afterAll(async () => {
  await world?.close()
  await database?.close()
})

const writes: Partial<Record<ServiceName, string>> = {
  'product-service': 'product-service POST /products',
  'cart-service': 'cart-service POST /cart/items',
  'order-service': 'order-service POST /orders',
  'auth-service': 'auth-service POST /register',
}

async function write(service: ServiceName): Promise<Received[]> {
  const name = writes[service]
  const [, method = '', path = ''] = name?.split(' ') ?? []
  if (!name) return []
  const body = Buffer.from(JSON.stringify(expected.get(name)?.body?.(world)))
  const authorization = world.bearers[service === 'product-service' ? 'admin' : 'customer']
  const headers = { authorization, 'content-type': 'application/json' }
  return [await send(world.shop.url(service), { method, path, headers, body })]
}

async function expectSoonUnavailable(service: ServiceName): Promise<void> {
  const beganAtMs = performance.now()
  const answers = await Promise.all([...Array(12)].map(() => askEveryday(world, service)))
  const tookMs = performance.now() - beganAtMs
  for (const answer of [...answers, ...(await write(service))]) {
    const { status, headers, text } = answer
    expect([service, status, headers['retry-after'], JSON.parse(text).type]).toEqual([
      service,
      503,
      '1',
      '/problems/service-unavailable',
    ])
    expect(indecencies({ method: 'GET', path: '', headers: {} }, answer)).toEqual(['503 is a failure of ours'])
  }
  expect(tookMs).toBeLessThan(PATIENCE_MS)
}

test.each(serviceNames)('%s answers 503 soon while its database is refused', async (service) => {
  database.reset()
  await database.refuse()
  database.reset()
  await expectSoonUnavailable(service)
})

test.each(serviceNames)(
  '%s answers 503 soon while its database accepts everything and says nothing',
  async (service) => {
    database.mode = 'blackhole'
    await expectSoonUnavailable(service)
  },
)

test('a request that waits for a row is not taken for one whose database is silent', async () => {
  const { shop, product, bearers } = world
  const held = await shop.premises.hold('product-service', 'SELECT FROM products WHERE id = $1 FOR UPDATE', [product])
  const body = Buffer.from('{"name":"Cup"}')
  const headers = { authorization: bearers.admin, 'content-type': 'application/json' }
  const waiting = send(shop.url('product-service'), { method: 'PATCH', path: `/products/${product}`, headers, body })
  await shop.premises.whenWaiting('product-service', 1)
  const until = performance.now() + 2_500
  await eventually(() => expect(performance.now()).toBeGreaterThan(until))
  await held.release()
  expect((await waiting).status).toBe(200)
})

test('products are read while Redis is away', async () => {
  await world.shop.restart('product-service', { SHOP_REDIS_URL: 'redis://127.0.0.1:1' })
  for (const path of ['/products', `/products/${world.product}`, `/inventory/${world.product}`])
    expect((await send(world.shop.url('product-service'), { method: 'GET', path, headers: {} })).status).toBe(200)
  expect(
    (await send(world.shop.url('product-service'), { method: 'GET', path: `/products/${newId()}`, headers: {} }))
      .status,
  ).toBe(404)
})
