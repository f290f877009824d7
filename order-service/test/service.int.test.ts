import {
  type Contract,
  Database,
  type DataOf,
  type Id,
  newId,
  type Participant,
  paymentSucceeded,
  type Runtime,
  silent,
} from '@order-saga/common'
import type { PolledOrder } from '@order-saga/common/client'
import { eventually, type TestBroker, type TestDatabase, testBroker, testDatabase } from '@order-saga/common/testing'
import { RabbitBus } from '../../common/src/messaging/rabbit-bus'
import { Metrics } from '../../common/src/metrics'
import { Relay } from '../../common/src/outbox/relay'
import { participant } from '../src'
import { priced } from './given'
import { type OrderUnderTest, orderUnderTest } from './order-under-test'

const payment: Participant = { service: 'payment-service', reacts: ['order.paid', 'order.cancelled'], migrations: [] }
const product: Participant = { service: 'product-service', reacts: ['order.created'], migrations: [] }

let broker: TestBroker
let shop: OrderUnderTest
let service: Runtime
let address: string
let payments: Awaited<ReturnType<typeof paymentService>>
beforeAll(async () => {
  broker = await testBroker([participant, payment, product])
  shop = await orderUnderTest({ amqpUrl: broker.urlOf('order-service'), sweepMs: 100 })
  service = await shop.another()
  address = await service.start()
  payments = await paymentService()
})
afterAll(async () => {
  await payments.close()
  await shop.close()
  await broker.drop()
})

/** The other side of the broker: tells what payment-service tells, by way of an outbox of its own. */
async function paymentService() {
  const home: TestDatabase = await testDatabase(payment)
  const database = new Database({ service: 'payment-service', url: home.url })
  const bus = new RabbitBus({
    service: 'payment-service',
    url: broker.urlOf('payment-service'),
    heartbeatS: 5,
    log: silent,
  })
  const metrics = new Metrics('payment-service')
  const relay = new Relay({ database, databaseUrl: home.url, bus, metrics, log: silent })
  bus.start(undefined)
  await eventually(() => expect(bus.canPublish).toBe(true))
  return {
    tell: <C extends Contract>(contract: C, data: DataOf<C>) =>
      database.transaction(async (tx) => void tx.emit(contract, data, { correlationId: newId() })),
    close: async () => {
      await relay.flush()
      await bus.close()
      await relay.stop()
      await database.close()
      await home.drop()
    },
  }
}

const placed = async (): Promise<Id> => (await shop.place()).json().id

async function held(id: Id) {
  const response = await fetch(`${address}/orders/${id}`, { headers: { ...shop.authorized(), prefer: 'wait=20' } })
  const answeredAtMs = Date.now()
  return { order: (await response.json()) as PolledOrder, answeredAtMs }
}

test('a payment that comes over the broker ends the order and answers the held request in less than 200 ms', async () => {
  await eventually(async () => expect((await service.app.inject('/readyz')).json()).toEqual({ status: 'ready' }))
  let fastestMs = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5 || fastestMs >= 200; round++) {
    const orderId = await placed()
    const asking = held(orderId)
    await payments.tell(paymentSucceeded, { orderId, customerId: shop.customer, ...priced })
    const { order, answeredAtMs } = await asking
    expect(order).toMatchObject({ status: 'paid', totalMinor: priced.totalMinor })
    // updated_at is the beginning of the transaction that paid it
    fastestMs = Math.min(fastestMs, answeredAtMs - Date.parse(order.updatedAt))
  }
  await eventually(async () => expect(await shop.sql('SELECT id FROM outbox_unsent')).toEqual([]))
})

test('the running service keeps the deadline by itself', async () => {
  const id = await placed()
  const asking = held(id)
  await shop.sql(`UPDATE orders SET deadline_at = now() WHERE id = $1`, [id])
  expect((await asking).order).toMatchObject({ status: 'cancelled', reason: 'timed_out' })
})

test('the running service reminds of the money it owes', async () => {
  const id = await placed()
  await shop.cancel(id)
  await payments.tell(paymentSucceeded, { orderId: id, customerId: shop.customer, ...priced })
  await eventually(async () => expect((await shop.get(`/orders/${id}`)).json().refund).toBe('due'))
  await shop.sql(`UPDATE orders SET updated_at = now() - interval '1 hour' WHERE id = $1`, [id])
  await eventually(async () => expect(await shop.told(id)).toHaveLength(4))
})
