import {
  causeOf,
  Database,
  type Envelope,
  type Id,
  inventoryReserved,
  Metrics,
  newId,
  orderCancelled,
  type Participant,
  type Runtime,
  type ServiceName,
  silent,
} from '@order-saga/common'
import {
  eventually,
  type TestBroker,
  type TestDatabase,
  testBroker,
  testConfig,
  testDatabase,
} from '@order-saga/common/testing'
import { RabbitBus } from '../../common/src/messaging/rabbit-bus'
import { Relay } from '../../common/src/outbox/relay'
import { participant } from '../src/participant'
import { buildPaymentService } from '../src/service'
import { cancelled, reserved } from './given'
import { World } from './world'

/** The service as it is started, on a real broker, between neighbours that publish and hear. */

const product: Participant = { service: 'product-service', reacts: [], migrations: [] }
const order: Participant = {
  service: 'order-service',
  reacts: ['payment.succeeded', 'payment.failed', 'payment.refunded', 'payment.overdue'],
  migrations: [],
}

let world: World
let broker: TestBroker
let service: Runtime
const neighbours: (() => Promise<unknown>)[] = []
let tellAs: Record<'product-service' | 'order-service', (event: Envelope) => Promise<void>>

beforeAll(async () => {
  world = await World.create()
  broker = await testBroker([participant, product, order])
  const config = {
    ...testConfig(world.db.url, broker.urlOf('payment-service')),
    providerUrl: world.simulator.url,
    providerTimeoutMs: 1_000,
    stripeKey: '',
    stripeUrl: 'http://127.0.0.1:1',
    webhookSecret: 'a secret between two',
    // no timer helps: whatever happens at once happens because of a commit
    sweepMs: 60_000,
    graceMs: 60_000,
    orderDeadlineMs: 60_000,
  }
  service = await buildPaymentService(config)
  await service.start()
  tellAs = { 'product-service': await neighbour(product), 'order-service': await neighbour(order) }
})
afterAll(async () => {
  await service.stop()
  for (const close of neighbours) await close()
  await broker.drop()
  await world.close()
})

async function neighbour(who: Participant): Promise<(event: Envelope) => Promise<void>> {
  const db: TestDatabase = await testDatabase(who)
  const name: ServiceName = who.service
  const database = new Database({ service: name, url: db.url })
  const bus = new RabbitBus({ service: name, url: broker.urlOf(name), heartbeatS: 5, log: silent })
  const relay = new Relay({
    database,
    databaseUrl: db.url,
    bus,
    metrics: new Metrics(name),
    log: silent,
    sweepAfterMs: 500,
  })
  bus.start(undefined)
  await eventually(() => expect(bus.canPublish).toBe(true))
  neighbours.push(async () => {
    await bus.close()
    await relay.stop()
    await database.close()
    await db.drop()
  })
  const contract = name === 'product-service' ? inventoryReserved : orderCancelled
  return (event) =>
    database.transaction(async (tx) => tx.tell({ id: event.id, contract, data: event.data }, causeOf(event)))
}

const published = (orderId: Id) =>
  eventually(async () => {
    const told = await world.toldTypes(orderId)
    const { rows } = await service.database.pool.query('SELECT count(*)::int AS unsent FROM outbox_unsent')
    expect(rows).toEqual([{ unsent: 0 }])
    return told
  })

test('a reservation is charged and answered, a cancellation refunded, without waiting for any timer', async () => {
  const orderId = newId()
  await tellAs['product-service'](reserved({ orderId }))
  await eventually(async () => expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded']))
  await tellAs['order-service'](cancelled({ orderId }))
  await eventually(async () => expect(await world.toldTypes(orderId)).toHaveLength(2))
  expect(await published(orderId)).toEqual(['payment.succeeded', 'payment.refunded'])
  expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
})

test('it is ready, and says what it measures', async () => {
  await eventually(async () => {
    const ready = await service.app.inject({ url: '/readyz' })
    expect([ready.statusCode, ready.json()]).toEqual([200, { status: 'ready' }])
  })
  const { body } = await service.app.inject({ url: '/metrics' })
  expect(body).toContain('payment_provider_calls_total{call="charge",answer="succeeded"')
  expect(body).toContain('payments_needing_attention')
})

test('a provider that is away is left alone, which is to be seen; who waits is not failed, and it is ready all the while', async () => {
  const metrics = async () => (await service.app.inject({ url: '/metrics' })).body
  const isIn = async (state: string) =>
    expect(await metrics()).toContain(`payment_provider_circuit{state="${state}",service="payment-service"} 1`)
  await isIn('closed')
  await world.fault({ mode: 'down' })
  const waiting = Array.from({ length: 10 }, () => newId())
  for (const orderId of waiting) await tellAs['product-service'](reserved({ orderId }))
  await eventually(async () =>
    expect(await metrics()).toContain('payment_provider_outages_total{service="payment-service"} 1'),
  )
  for (const orderId of waiting) expect(await world.toldTypes(orderId)).toEqual([])
  expect((await service.app.inject({ url: '/readyz' })).statusCode).toBe(200)
  await world.fault({ mode: 'ok' })
  await eventually(() => isIn('half_open'))
  const orderId = newId()
  await tellAs['product-service'](reserved({ orderId }))
  await eventually(async () => expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded']))
  await isIn('closed')
})
