import { eventually, type TestBroker, testBroker } from '@order-saga/common/testing'
import amqp from 'amqplib'
import { participant } from '../src'
import { BrokerView } from '../src/broker-view'

let broker: TestBroker
beforeAll(async () => {
  broker = await testBroker([participant])
})
afterAll(() => broker.drop())

const viewWith = (managementUrl: string) => new BrokerView({ managementUrl, amqpUrl: broker.urlOf('logger-service') })

test('whoever may only look sees the queues and who consumes them', async () => {
  const connection = await amqp.connect(broker.urlOf('logger-service'))
  const channel = await connection.createChannel()
  await channel.consume('logger-service.events', () => {})
  const view = viewWith(broker.monitoringUrl)
  await eventually(async () => {
    const sight = await view.look()
    if (!sight.isReachable) throw new Error(sight.why)
    expect([...sight.queues.keys()].sort()).toEqual(['dead', 'events', 'logs'].map((kind) => `logger-service.${kind}`))
    expect(sight.queues.get('logger-service.events')).toEqual({ ready: 0, unacknowledged: 0, consumers: 1 })
    expect(sight.queues.get('logger-service.dead')?.consumers).toBe(0)
  }, 20_000)
  await connection.close()
})

test('whoever asks at once shares one look', async () => {
  const view = viewWith(broker.monitoringUrl)
  expect(view.look()).toBe(view.look())
  await view.look()
})

test.each([
  ['nobody has said where it is', () => '', 'SHOP_MANAGEMENT_URL is not set'],
  ['it is away', () => 'http://monitoring:secret@127.0.0.1:1', "the broker's management API does not answer"],
  [
    'the password is wrong',
    () => broker.monitoringUrl.replace('development-only', 'wrong'),
    'the broker refuses its onlooker',
  ],
])('when %s it says so, and fails nobody', async (_when, url, why) => {
  expect(await viewWith(url()).look()).toEqual({ isReachable: false, why })
})

test('the onlooker may neither publish nor read nor change anything', async () => {
  const url = new URL(broker.urlOf('logger-service'))
  url.username = 'monitoring'
  url.password = 'development-only-monitoring'
  for (const attempt of [
    (channel: amqp.Channel) => channel.consume('logger-service.logs', () => {}),
    (channel: amqp.Channel) => channel.assertQueue('mine'),
    async (channel: amqp.Channel) => {
      channel.publish('shop.events', 'order.created', Buffer.from('{}'))
      await channel.checkQueue('logger-service.events')
    },
  ]) {
    const connection = await amqp.connect(url.href)
    const channel = await connection.createChannel()
    channel.on('error', () => {})
    await expect(attempt(channel)).rejects.toThrow(/403|closed/i)
    await connection.close()
  }
})
