import {
  changed,
  checkTopology,
  Database,
  Metrics,
  manifestOf,
  newId,
  on,
  orderCreated,
  type Participant,
  type Saga,
  silent,
  statement,
} from '@order-saga/common'
import { eventually, type TestBroker, type TestDatabase, testBroker, testDatabase } from '@order-saga/common/testing'
import { Consumer } from '../src/messaging/consumer'
import { RabbitBus } from '../src/messaging/rabbit-bus'
import { Settler } from '../src/messaging/settler'
import { Relay } from '../src/outbox/relay'

const order: Participant = { service: 'order-service', reacts: [], migrations: [] }
const product: Participant = { service: 'product-service', reacts: ['order.created'], migrations: [] }

let broker: TestBroker
let orderDb: TestDatabase
let productDb: TestDatabase
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  broker = await testBroker([order, product])
  orderDb = await testDatabase(order)
  productDb = await testDatabase(product)
})
afterAll(async () => {
  for (const close of closers) await close()
  await Promise.all([broker.drop(), orderDb.drop(), productDb.drop()])
})

function start(service: 'order-service' | 'product-service', url: string, saga?: Saga<unknown>) {
  const database = new Database({ service, url })
  const metrics = new Metrics(service)
  const bus = new RabbitBus({ service, url: broker.urlOf(service), heartbeatS: 5, log: silent })
  const relay = new Relay({ database, databaseUrl: url, bus, metrics, log: silent, sweepAfterMs: 500 })
  const consumer =
    saga &&
    new Consumer({
      settler: new Settler({ database, saga, metrics, log: silent }),
      brokerUserOf: (s) => s,
      metrics,
      log: silent,
    })
  bus.start(consumer)
  relay.start()
  closers.push(async () => {
    await bus.close()
    await relay.stop()
    await database.close()
  })
  return { database, bus, relay }
}

test('topology equals the manifest', async () => {
  expect(await checkTopology(broker.management, manifestOf([order, product]), broker.vhost)).toEqual([])
})

test('an event travels from an outbox to a reaction', async () => {
  const seen: string[] = []
  const saga: Saga<null> = {
    open: async () => null,
    close: async () => {},
    steps: [
      on(orderCreated, function note(_book: null, event) {
        seen.push(event.data.orderId)
        return changed(null)
      }),
    ],
  }
  const sender = start('order-service', orderDb.url)
  const receiver = start('product-service', productDb.url, saga as Saga<unknown>)
  const ids = Array.from({ length: 250 }, newId)
  await sender.database.transaction(async (tx) => {
    for (const orderId of ids) tx.emit(orderCreated, { ...orderCreated.example, orderId }, { correlationId: newId() })
  })
  await eventually(() => expect(new Set(seen)).toEqual(new Set(ids)))
  const count = statement<{ n: number }>('count', 'SELECT count(*)::int AS n FROM outbox_unsent')
  await eventually(async () => expect(await sender.database.query(count)).toEqual([{ n: 0 }]))
  expect(receiver.bus.isConsuming).toBe(true)
})
