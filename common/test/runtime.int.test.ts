import { type BasicConfig, Database, newId, orderCreated, Runtime, statement } from '@order-saga/common'
import { eventually, servers, TcpProxy, testConfig } from '@order-saga/common/testing'
import { effectSaga } from './support/effects'
import { exitOf, launchService } from './support/launch-service'
import { placeOrders, Shop } from './support/shop'

jest.setTimeout(60_000)

let shop: Shop
const stops: (() => unknown)[] = []
beforeAll(async () => {
  shop = await Shop.open()
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await shop.reset()
})
afterAll(() => shop.close())

async function start(
  service: 'order-service' | 'product-service',
  overrides: Partial<BasicConfig> = {},
): Promise<Runtime> {
  const config = { ...testConfig(shop.urlOf(service), shop.broker.urlOf(service)), ...overrides }
  const runtime = await Runtime.create({ service, about: 'test', config })
  if (service === 'product-service') runtime.react(effectSaga())
  await runtime.start()
  stops.push(() => runtime.stop())
  return runtime
}
const readiness = async ({ app }: Runtime) => (await app.inject('/readyz')).json()
const isReady = (runtime: Runtime) =>
  eventually(async () => expect(await readiness(runtime)).toEqual({ status: 'ready' }))

it('is alive at once, ready with broker and database, and says what is missing without details', async () => {
  const amqp = await TcpProxy.to(...addressOf(`amqp://${servers.amqpAddress}`))
  const postgres = await TcpProxy.to(...addressOf(servers.postgresAdminUrl))
  stops.push(
    () => amqp.close(),
    () => postgres.close(),
  )
  await amqp.refuse()
  const runtime = await start('product-service', {
    amqpUrl: amqp.through(shop.broker.urlOf('product-service')),
    databaseUrl: postgres.through(shop.urlOf('product-service')),
  })
  expect((await runtime.app.inject('/livez')).statusCode).toBe(200)
  const away = ['broker: cannot publish (not reachable)', 'broker: not consuming (not reachable)']
  await eventually(async () => expect(await readiness(runtime)).toEqual({ status: 'not ready', missing: away }))
  await amqp.accept()
  await isReady(runtime)
  await postgres.refuse()
  postgres.reset()
  await eventually(async () => expect(await readiness(runtime)).toEqual({ status: 'not ready', missing: ['database'] }))
  await postgres.accept()
  await isReady(runtime)
  const metrics = await runtime.app.inject('/metrics')
  expect(metrics.body).toContain('outbox_oldest_age_seconds{service="product-service"}')
})

const addressOf = (url: string): [string, number] => [new URL(url).hostname, Number(new URL(url).port)]

it('shows its alarms, and is ready all the same', async () => {
  const runtime = await start('product-service')
  await isReady(runtime)
  runtime.metrics.alarms.inc({ kind: 'sold_twice' })
  expect(await readiness(runtime)).toEqual({ status: 'ready', alarms: 1 })
})

it('looks after its partitions when it starts, not only an hour later', async () => {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
  await shop.asOwner('order-service', `DROP TABLE outbox_${tomorrow}`)
  const runtime = await start('order-service')
  const exists = statement<{ is: boolean }>('exists', 'SELECT to_regclass($1) IS NOT NULL AS is')
  await eventually(async () =>
    expect(await runtime.database.query(exists, [`outbox_${tomorrow}`])).toEqual([{ is: true }]),
  )
})

it('finishes what it has when it stops: nothing is handled twice, nothing is left unsent', async () => {
  const sender = await start('order-service')
  await isReady(sender)
  const events = await placeOrders(sender.database, Array.from({ length: 1_000 }, newId))
  await sender.stop()
  expect(await shop.depthOf('product-service.events')).toBeGreaterThan(0)
  const receivers = [await start('product-service')]
  for (let n = 0; n < 3; n++) {
    await receivers.at(-1)?.stop()
    receivers.push(await start('product-service'))
  }
  await eventually(async () => expect((await shop.effectIds()).toSorted()).toEqual(events.toSorted()))
  const counts = await Promise.all(receivers.map(({ metrics }) => metrics.events.get()))
  expect(counts.flatMap(({ values }) => values).filter(({ labels }) => labels.outcome === 'duplicate')).toEqual([])
  const left = new Database({
    service: 'order-service',
    url: shop.urlOf('order-service'),
  })
  expect(await left.query(statement('left', 'SELECT id FROM outbox_unsent'))).toEqual([])
  await left.close()
})

it('publishes what an HTTP request has committed', async () => {
  const runtime = await start('order-service')
  await start('product-service')
  await isReady(runtime)
  const id = await runtime.database.entityTransaction(async (_manager, tx) =>
    tx.emit(orderCreated, { ...orderCreated.example, orderId: newId() }, { correlationId: newId() }),
  )
  await eventually(async () => expect(await shop.effectIds()).toEqual([id]))
})

describe('as a process', () => {
  function launch(env: Record<string, string>) {
    const launched = launchService(env)
    stops.push(() => launched.child.kill('SIGKILL'))
    return launched
  }
  const settings = () => ({
    SHOP_DATABASE_URL: shop.urlOf('order-service'),
    SHOP_AMQP_URL: shop.broker.urlOf('order-service'),
  })

  it('finishes the running request on SIGTERM and exits 0', async () => {
    const { child, output } = launch(settings())
    const address = await eventually(() => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(output()) ?? []
      if (!found) throw new Error(output())
      return found
    })
    await eventually(async () => expect((await fetch(`${address}/readyz`)).status).toBe(200))
    const running = fetch(`${address}/slow`)
    await eventually(async () => expect((await fetch(`${address}/livez`)).status).toBe(200))
    const exited = exitOf(child)
    child.kill('SIGTERM')
    expect(await (await running).json()).toEqual({ done: true })
    expect(await exited).toBe(0)
  })

  const withoutPermission = async () => {
    const { management, vhost } = shop.broker
    const permission = `/permissions/${vhost}/order-service`
    const { configure, write, read } = await management.get<Record<string, string>>(permission)
    await management.delete(permission)
    stops.push(() => management.put(permission, { configure, write, read }))
    return {}
  }

  it.each<[string, () => Record<string, string> | Promise<Record<string, string>>]>([
    ['a password', () => ({ SHOP_AMQP_URL: shop.broker.urlOf('order-service').replace(/:[^:]+@/, ':wrong-secret@') })],
    ['a vhost', () => ({ SHOP_AMQP_URL: `${shop.broker.urlOf('order-service')}-nowhere` })],
    ['a user the vhost', withoutPermission],
  ])('exits 78 when the broker refuses %s, and says so without it', async (_what, wrong) => {
    const { child, output } = launch({ ...settings(), ...(await wrong()) })
    expect(await exitOf(child)).toBe(78)
    expect(output()).toContain('"SHOP_AMQP_URL: the broker refuses order-service: wrong user, password or vhost"')
    expect(output()).not.toMatch(/wrong-secret|development-only/)
  })

  it('exits 78 on a database that forgets commits in a crash, unless that is wanted', async () => {
    const forgetful = new URL(shop.urlOf('order-service'))
    forgetful.searchParams.set('options', '-c synchronous_commit=off')
    const unsafe = { ...settings(), SHOP_DATABASE_URL: forgetful.href }
    const { child, output } = launch(unsafe)
    expect(await exitOf(child)).toBe(78)
    expect(output()).toContain('SHOP_DATABASE_URL leads to a server with synchronous_commit off')
    expect(output()).not.toMatch(/development-only|listening/)
    const wanted = launch({ ...unsafe, SHOP_ALLOW_UNSAFE_DB: '1' })
    await eventually(() => expect(wanted.output()).toMatch(/http:\/\/127\.0\.0\.1:\d+/))
  })
})
