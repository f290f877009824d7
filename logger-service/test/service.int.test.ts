import { newId, orderPaid, type Participant, type Runtime, silent, userRegistered } from '@order-saga/common'
import { eventually, type TestBroker, testBroker } from '@order-saga/common/testing'
import { RabbitBus } from '../../common/src/messaging/rabbit-bus'
import { buildLoggerService, participant } from '../src'
import { loggerConfig } from './config'
import { type Logger, startLogger } from './logger'
import { event } from './stories'

const publishers = ['order-service', 'auth-service'] as const
let logger: Logger
let broker: TestBroker
let service: Runtime
const buses: RabbitBus[] = []

beforeAll(async () => {
  const others = publishers.map((name): Participant => ({ service: name, reacts: [], migrations: [] }))
  ;[broker, logger] = await Promise.all([testBroker([participant, ...others]), startLogger()])
  service = await buildLoggerService({
    ...loggerConfig(logger.db.url, broker.urlOf('logger-service')),
    managementUrl: broker.monitoringUrl,
  })
  await service.start()
})
afterAll(async () => {
  for (const bus of buses) await bus.close()
  await service.stop()
  await Promise.all([broker.drop(), logger.close()])
})

test('whatever anybody publishes gets into the journal', async () => {
  await eventually(async () => expect((await service.app.inject('/readyz')).json()).toEqual({ status: 'ready' }))
  const said = {
    'order-service': event(orderPaid, { ...orderPaid.example, orderId: newId() }),
    'auth-service': event(userRegistered, userRegistered.example),
  }
  for (const name of publishers) {
    const bus = new RabbitBus({ service: name, url: broker.urlOf(name), heartbeatS: 5, log: silent })
    buses.push(bus)
    bus.start(undefined)
    await eventually(() => expect(bus.canPublish).toBe(true))
    const { id, type } = said[name]
    const body = Buffer.from(JSON.stringify(said[name]))
    await bus.publish({ routingKey: type, contentType: 'application/cloudevents+json', messageId: id, body })
  }
  await eventually(async () => expect(await logger.size()).toBe(2))
})
