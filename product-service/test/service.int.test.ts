import {
  type Envelope,
  newId,
  orderCancelled,
  orderCreated,
  type Participant,
  type Runtime,
  silent,
} from '@order-saga/common'
import {
  eventOf,
  eventually,
  type TestBroker,
  type TestDatabase,
  testBroker,
  testConfig,
  testDatabase,
} from '@order-saga/common/testing'
import { RabbitBus } from '../../common/src/messaging/rabbit-bus'
import { buildProductService, PLENTIFUL, participant } from '../src'
import { cancelled, orderFor } from './given'

const orders: Participant = { service: 'order-service', reacts: ['inventory.reserved'], migrations: [] }
const own = { currency: 'EUR', graceMs: 500, sweepMs: 100 }

let broker: TestBroker
let home: TestDatabase
beforeAll(async () => {
  broker = await testBroker([orders, participant])
  home = await testDatabase(participant)
})
const closers: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closers) await close()
  await Promise.all([broker.drop(), home.drop()])
})

async function publish(bus: RabbitBus, event: Envelope): Promise<void> {
  const { id: messageId, type: routingKey } = event
  const body = Buffer.from(JSON.stringify(event))
  await bus.publish({ routingKey, messageId, contentType: 'application/cloudevents+json', body })
}

const missingOf = async ({ app }: Runtime) => (await app.inject('/readyz')).json().missing

test('over a real broker an order takes stock, is asked about when overdue, and a reader sees the new stock', async () => {
  const service = await buildProductService({ ...testConfig(home.url, broker.urlOf('product-service')), ...own })
  const bus = new RabbitBus({
    service: 'order-service',
    url: broker.urlOf('order-service'),
    heartbeatS: 5,
    log: silent,
  })
  closers.push(
    () => service.stop(),
    () => bus.close(),
  )
  bus.start(undefined)
  await service.start()
  await eventually(async () => expect(await missingOf(service)).toBeUndefined())
  await eventually(() => expect(bus.canPublish).toBe(true))

  const url = `/products/${PLENTIFUL}`
  const { available } = (await service.app.inject(url)).json()
  const order = orderFor({ [PLENTIFUL]: 7 }, { deadlineAt: new Date().toISOString() })
  await publish(bus, eventOf(orderCreated, order))
  await eventually(async () => expect((await service.app.inject(url)).json().available).toBe(available - 7))

  const types = async () => {
    const { rows } = await service.database.pool.query(
      `SELECT type FROM outbox WHERE envelope ->> 'subject' = $1 ORDER BY id`,
      [order.orderId],
    )
    return rows.map(({ type }) => type)
  }
  await eventually(async () => expect(await types()).toEqual(['inventory.reserved', 'inventory.reservation.overdue']))
  await publish(bus, eventOf(orderCancelled, cancelled(order)))
  await eventually(async () => expect((await service.app.inject(url)).json().available).toBe(available))
})

test('starts with database, broker and Redis away, and says what is missing', async () => {
  const config = testConfig('postgres://nobody@127.0.0.1:1/none', 'amqp://nobody@127.0.0.1:1')
  const service = await buildProductService({ ...config, ...own, redisUrl: 'redis://127.0.0.1:1' })
  closers.push(() => service.stop())
  await service.start()
  expect((await service.app.inject('/livez')).statusCode).toBe(200)
  expect(await missingOf(service)).toEqual(
    expect.arrayContaining(['catalogue', 'database', expect.stringMatching('broker: not consuming')]),
  )
  const answer = await service.app.inject(`/products/${newId()}`)
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1'])
})
