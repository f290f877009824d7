import { mkdirSync } from 'node:fs'
import {
  applyTopology,
  type Id,
  Management,
  manifestOf,
  newId,
  orderCreated,
  Runtime,
  statement,
} from '@order-saga/common'
import {
  developmentPassword,
  eventually,
  type TestDatabase,
  testConfig,
  testDatabase,
} from '@order-saga/common/testing'
import { effectSaga, effects } from '../../common/test/support/effects'
import { receiver, sender } from '../../common/test/support/shop'
import {
  addresses,
  down,
  type Instance,
  rabbitMqCtl,
  separateInstance,
  startRabbitMq,
  stopRabbitMq,
} from '../../scripts/src/infra'

jest.setTimeout(240_000)

const VHOST = 'restart'
let instance: Instance
let databases: readonly [TestDatabase, TestDatabase]
let orders: Runtime
let products: Runtime

beforeAll(async () => {
  instance = await separateInstance('broker-restart')
  // the broker's own user passes through it
  mkdirSync(instance.dataDir, { recursive: true, mode: 0o711 })
  await startRabbitMq(instance)
  const management = new Management(addresses({}, instance.ports).amqpAdminUrl)
  await applyTopology(management, manifestOf([sender, receiver]), { vhost: VHOST, passwordOf: developmentPassword })
  databases = [await testDatabase(sender), await testDatabase(receiver)]
  orders = await start('order-service', databases[0])
  products = await start('product-service', databases[1])
  await consumes()
})
afterAll(async () => {
  await Promise.all([orders?.stop(), products?.stop()])
  await down({ volumes: true }, instance)
  for (const database of databases ?? []) await database.drop()
})

async function start(service: 'order-service' | 'product-service', { url }: TestDatabase): Promise<Runtime> {
  const amqpUrl = `amqp://${service}:${developmentPassword(service)}@127.0.0.1:${instance.ports.amqp}/${VHOST}`
  const runtime = await Runtime.create({ service, about: 'test', config: testConfig(url, amqpUrl) })
  if (service === 'product-service') runtime.react(effectSaga())
  await runtime.start()
  return runtime
}

const consumes = () =>
  eventually(() => {
    if (!orders.bus.canPublish || !products.bus.isConsuming) throw new Error(products.bus.trouble)
  }, 60_000)

const placed: Id[] = []
const place = async (count: number) => {
  const data = () => ({ ...orderCreated.example, orderId: newId() })
  const work = () =>
    orders.database.transaction(async (tx) =>
      Array.from({ length: count }, () => tx.emit(orderCreated, data(), { correlationId: newId() })),
    )
  placed.push(...(await work()))
}

/** Places a hundred orders a second until it is told to stop. */
function keepPlacing(): () => Promise<unknown> {
  const placing: Promise<void>[] = []
  const timer = setInterval(() => placing.push(place(5)), 50)
  return () => {
    clearInterval(timer)
    return Promise.all(placing)
  }
}

const heard = async () => (await products.database.query(effects)).map((row) => row.event_id)
const unsent = statement<{ n: number }>('unsent', 'SELECT count(*)::int AS n FROM outbox_unsent')
const deadOrParked = statement<{ n: number }>(
  'dead-or-parked',
  'SELECT ((SELECT count(*) FROM dead_letters) + (SELECT count(*) FROM parked))::int AS n',
)

/** Everything that was placed has had one effect, and nothing is left anywhere. */
async function nothingLost(): Promise<void> {
  await eventually(async () => expect((await heard()).length).toBeGreaterThanOrEqual(placed.length), 60_000)
  expect((await heard()).toSorted()).toEqual(placed.toSorted())
  await eventually(async () => expect(await orders.database.query(unsent)).toEqual([{ n: 0 }]), 60_000)
  expect(await products.database.query(deadOrParked)).toEqual([{ n: 0 }])
}

const isThorough = process.env.TEST_THOROUGH === '1'
const killed = ['killed', { signal: 'SIGKILL' as const }] as const
const stopped = ['stopped', {}] as const

it.each(isThorough ? [stopped, killed] : [killed])(
  'a broker that is %s while events flow is consumed from within ten seconds of its return, and nothing is lost',
  async (_how, how) => {
    const stopPlacing = keepPlacing()
    await eventually(async () => expect((await heard()).length).toBeGreaterThan(100))
    await stopRabbitMq(instance, how)
    await eventually(() => expect(orders.bus.canPublish || products.bus.isConsuming).toBe(false))
    await place(50)
    await startRabbitMq(instance)
    const backMs = performance.now()
    const before = (await heard()).length
    await eventually(async () => expect((await heard()).length).toBeGreaterThan(before), 10_000)
    process.stdout.write(`consuming again ${Math.round(performance.now() - backMs)} ms after the broker's return\n`)
    await stopPlacing()
    await nothingLost()
  },
)

async function isShortOfDisk(): Promise<void> {
  await rabbitMqCtl(instance, 'set_disk_free_limit', '9000GB')
  await place(1) // the broker blocks a connection when it next publishes
  await eventually(() => expect(orders.bus.trouble).toBe('blocked'))
  expect(orders.bus.canPublish).toBe(false)
  expect(products.bus.isConsuming).toBe(true)
  await place(500)
  // longer than a confirm may take otherwise
  const until = performance.now() + 12_000
  await eventually(() => expect(performance.now()).toBeGreaterThan(until), 20_000)
  expect(orders.bus.trouble).toBe('blocked')
  await rabbitMqCtl(instance, 'set_disk_free_limit', '1MB')
  await nothingLost()
}
if (isThorough)
  it('a broker short of disk blocks publishers: the outbox grows, nothing is given up, all follows', isShortOfDisk)

it('a broker that has lost its queues is waited for, and the topology brings everything back', async () => {
  const management = new Management(addresses({}, instance.ports).amqpAdminUrl)
  await management.delete(`/vhosts/${VHOST}`)
  await eventually(() => expect(orders.bus.canPublish || products.bus.isConsuming).toBe(false))
  await place(20)
  await applyTopology(management, manifestOf([sender, receiver]), { vhost: VHOST, passwordOf: developmentPassword })
  await consumes()
  await nothingLost()
})
