import {
  type Envelope,
  inventoryReserved,
  orderCreated,
  orderPaid,
  type Participant,
  paymentSucceeded,
  type Runtime,
} from '@order-saga/common'
import { eventually, type TestBroker, testBroker } from '@order-saga/common/testing'
import amqp from 'amqplib'
import { buildLoggerService, participant } from '../src'
import { loggerConfig } from './config'
import { type Logger, startLogger } from './logger'
import { happy } from './stories'

jest.setTimeout(300_000)

const ORDERS = 10_000
const A_MESSAGE = 20
const publishers = ['order-service', 'product-service', 'payment-service'] as const

let logger: Logger
let broker: TestBroker
let service: Runtime

beforeAll(async () => {
  const others = publishers.map((name): Participant => ({ service: name, reacts: [], migrations: [] }))
  ;[broker, logger] = await Promise.all([testBroker([participant, ...others]), startLogger()])
  service = await buildLoggerService(loggerConfig(logger.db.url, broker.urlOf('logger-service')))
})
afterAll(async () => {
  await service.stop()
  await Promise.all([broker.drop(), logger.close()])
})

/** As relays send them: events of one type together, in the order in which orders go their way. */
async function publish(events: readonly Envelope[]): Promise<void> {
  for (const name of publishers) {
    const connection = await amqp.connect(broker.urlOf(name))
    const channel = await connection.createConfirmChannel()
    for (const { type } of [orderCreated, inventoryReserved, paymentSucceeded, orderPaid]) {
      const own = events.filter((event) => event.source === name && event.type === type)
      for (let at = 0; at < own.length; at += A_MESSAGE) {
        const body = Buffer.from(JSON.stringify(own.slice(at, at + A_MESSAGE)))
        const contentType = 'application/cloudevents-batch+json'
        channel.publish('shop.events', type, body, { contentType, userId: name, persistent: true })
        if (at % (50 * A_MESSAGE) === 0) await channel.waitForConfirms()
      }
    }
    await channel.waitForConfirms()
    await connection.close()
  }
}

test('forty thousand events that wait are written down at two thousand a second or more, each once', async () => {
  const events = Array.from({ length: ORDERS }, () => happy().events).flat()
  await publish(events)
  const cpu = process.cpuUsage()
  const begunMs = performance.now()
  await service.start()
  await eventually(async () => expect(await logger.size()).toBe(events.length), 240_000)
  const seconds = (performance.now() - begunMs) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const perS = Math.round(events.length / seconds)
  process.stderr.write(
    `the journal writes ${perS} events/s, for ${((user + system) / events.length).toFixed(0)} µs of processor each\n`,
  )
  const [row] = await logger.database.query<{ n: number }>({
    name: 'count-paid',
    text: `SELECT count(*)::int AS n FROM journeys WHERE status = 'paid' AND heard = 1 + 2 + 16 + 128`,
  })
  expect(row?.n).toBe(ORDERS)
  expect(perS).toBeGreaterThan(2_000)
})
