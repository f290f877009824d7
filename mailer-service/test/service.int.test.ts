import { type Envelope, type Id, newId, orderPaid, type Runtime, silent, userRegistered } from '@order-saga/common'
import { eventually, exampleEvent, type TestBroker, testBroker, testConfig } from '@order-saga/common/testing'
import { RabbitBus } from '../../common/src/messaging/rabbit-bus'
import { buildMailerService, participant } from '../src'
import { type Mailer, startMailer } from './mailer'

let mailer: Mailer
let broker: TestBroker
let service: Runtime
const buses: RabbitBus[] = []

beforeAll(async () => {
  const silentPublisher = { reacts: [], migrations: [] }
  broker = await testBroker([
    participant,
    { service: 'order-service', ...silentPublisher },
    { service: 'auth-service', ...silentPublisher },
  ])
  mailer = await startMailer()
  service = await buildMailerService({
    ...testConfig(mailer.db.url, broker.urlOf('mailer-service')),
    smtpUrl: mailer.catcher.smtpUrl,
    mailFrom: 'orders@shop.example',
    sms: 'simulated',
    sweepMs: 60_000,
  })
  await service.start()
})
afterAll(async () => {
  for (const bus of buses) await bus.close()
  await service.stop()
  await Promise.all([broker.drop(), mailer.close()])
})

async function publisher(name: 'order-service' | 'auth-service') {
  const bus = new RabbitBus({ service: name, url: broker.urlOf(name), heartbeatS: 5, log: silent })
  buses.push(bus)
  bus.start(undefined)
  await eventually(() => expect(bus.canPublish).toBe(true))
  return (one: Envelope) =>
    bus.publish({
      routingKey: one.type,
      contentType: 'application/cloudevents+json',
      messageId: one.id,
      body: Buffer.from(JSON.stringify(one)),
    })
}

test('an event from the broker becomes a mail without waiting for a sweep', async () => {
  const [fromOrders, fromAuth] = await Promise.all([publisher('order-service'), publisher('auth-service')])
  await eventually(async () => expect((await service.app.inject('/readyz')).json()).toEqual({ status: 'ready' }))
  const userId: Id = newId()
  await fromAuth(exampleEvent(userRegistered, { userId, email: 'wanda@example.com' }))
  await fromOrders(exampleEvent(orderPaid, { customerId: userId }))
  const received = await eventually(async () => {
    const mails = await mailer.received('to:wanda@example.com')
    expect(mails).toHaveLength(2)
    return mails
  })
  expect(received.map(({ Subject }) => Subject).sort()).toEqual([
    `Receipt for order ${orderPaid.example.orderId}`,
    'Welcome',
  ])
})
