import { ConfigError, Database, Runtime } from '@order-saga/common'
import { eventually, servers, testConfig } from '@order-saga/common/testing'
import { databasesBeside, excessDatabaseRights } from '../src/db/excess-rights'
import { exitOf, type Launched, launchService } from './support/launch-service'
import { Shop } from './support/shop'

jest.setTimeout(60_000)

let shop: Shop
const launched: Launched[] = []
beforeAll(async () => {
  shop = await Shop.open()
})
afterEach(async () => {
  for (const { child } of launched.splice(0)) {
    child.kill('SIGKILL')
    await exitOf(child)
  }
})
afterAll(() => shop.close())

const asAdministrator = (): string => {
  const url = new URL(servers.postgresAdminUrl)
  url.pathname = new URL(shop.urlOf('order-service')).pathname
  return url.href
}
const asOwner = () => shop.databases['order-service']?.ownerUrl ?? ''

function launch(env: Record<string, string>): Launched {
  const one = launchService({
    SHOP_DATABASE_URL: shop.urlOf('order-service'),
    SHOP_AMQP_URL: shop.broker.urlOf('order-service'),
    ...env,
  })
  launched.push(one)
  return one
}

async function isReady({ output }: Launched): Promise<void> {
  await eventually(async () => {
    const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(output()) ?? []
    expect((await fetch(`${address}/readyz`)).status).toBe(200)
  }, 20_000)
}

const overprivileged: [string, () => Record<string, string>, string][] = [
  ['a database administrator', () => ({ SHOP_DATABASE_URL: asAdministrator() }), 'administers the server'],
  ["the tables' owner", () => ({ SHOP_DATABASE_URL: asOwner() }), 'owns tables or databases'],
]

describe('a service that is to be strict about privileges', () => {
  it('starts with exactly the rights it needs, and says nothing', async () => {
    const service = launch({ SHOP_STRICT_PRIVILEGES: '1' })
    await isReady(service)
    expect(service.output()).not.toMatch(/names a (role|user)/)
  })

  it.each(overprivileged)('exits 78 as %s before it listens', async (_who, wrong, right) => {
    const { child, output } = launch({ SHOP_STRICT_PRIVILEGES: '1', ...wrong() })
    expect(await exitOf(child)).toBe(78)
    expect(output()).toMatch(new RegExp(`SHOP_DATABASE_URL names a role that .*${right}`))
    expect(output()).not.toMatch(/development-only|listening/)
  })
})

it.each(overprivileged)('production refuses to start as %s', async (_who, wrong, right) => {
  const databaseUrl = wrong().SHOP_DATABASE_URL ?? ''
  const config = { ...testConfig(databaseUrl, shop.broker.urlOf('order-service')), nodeEnv: 'production' as const }
  const runtime = await Runtime.create({ service: 'order-service', about: 'test', config })
  const refusal = await runtime.start().catch((error: unknown) => error)
  await runtime.stop()
  expect(refusal).toBeInstanceOf(ConfigError)
  expect(refusal).toHaveProperty('message', expect.stringContaining(right))
})

it('to connect to the database of another service is more than a service may', async () => {
  const database = new Database({ service: 'order-service', url: shop.urlOf('order-service') })
  const role = new URL(shop.urlOf('order-service')).username
  const other = new URL(shop.urlOf('product-service')).pathname.slice(1)
  const excess = () => excessDatabaseRights(database, [other])
  expect(await excess()).toEqual([])
  await shop.asOwner('product-service', `GRANT CONNECT ON DATABASE ${other} TO ${role}`)
  expect(await excess()).toEqual([`may connect to ${other}`])
  await database.close()
})

it('the databases of all the others are not to be connected to', () => {
  const others = [
    'product_service',
    'cart_service',
    'auth_service',
    'payment_service',
    'mailer_service',
    'logger_service',
  ]
  expect(databasesBeside('order-service').toSorted()).toEqual(others.toSorted())
})

it('development only warns', async () => {
  const service = launch({ SHOP_DATABASE_URL: asOwner() })
  await isReady(service)
  expect(service.output()).toContain('SHOP_DATABASE_URL names a role that owns tables or databases')
})

describe('with a broker user that may do everything', () => {
  const everything = { configure: '.*', write: '.*', read: '.*' }
  beforeAll(() => shop.broker.management.put(`/permissions/${shop.broker.vhost}/order-service`, everything))
  const problem = 'SHOP_AMQP_URL names a user that may declare queues and may publish straight into queues'

  it('a service warns', async () => {
    const service = launch({})
    await isReady(service)
    expect(service.output()).toContain(problem)
  })

  it('a strict one exits 78', async () => {
    const { child, output } = launch({ SHOP_STRICT_PRIVILEGES: '1' })
    expect(await exitOf(child)).toBe(78)
    expect(output()).toContain(problem)
    expect(output()).not.toContain('development-only')
  })
})
