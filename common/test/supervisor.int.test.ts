import { applyTopology, type Log, manifestOf, newId, silent } from '@order-saga/common'
import { developmentPassword, eventually, servers, TcpProxy } from '@order-saga/common/testing'
import { CONTENT_TYPE } from '../src/contracts/envelope'
import type { Delivery, DeliveryHandler } from '../src/messaging/bus'
import { RabbitBus } from '../src/messaging/rabbit-bus'
import { isConnected, receiver, Shop, sender } from './support/shop'

jest.setTimeout(60_000)

let shop: Shop
let proxy: TcpProxy
let bus: RabbitBus
let heard: Delivery[]
const [host = '', port] = servers.amqpAddress.split(':')

beforeAll(async () => {
  shop = await Shop.open()
})
beforeEach(async () => {
  proxy = await TcpProxy.to(host, Number(port))
  heard = []
})
afterEach(async () => {
  await bus.close()
  await proxy.close()
  await shop.reset()
})
afterAll(() => shop.close())

const handler = (isReady = true) => ({
  deliver: (delivery: Delivery) => void heard.push(delivery),
  reset: () => {},
  unsettled: 0,
  isReady,
})

interface Starting {
  heartbeatS?: number
  url?: string
  onRefused?: (error: Error) => void
  log?: Log
  handler?: DeliveryHandler
}

function start({ handler: given = handler(), ...options }: Starting = {}): void {
  const { url = shop.broker.urlOf('product-service'), ...rest } = options
  bus = new RabbitBus({ service: 'product-service', url: proxy.through(url), heartbeatS: 5, log: silent, ...rest })
  bus.start(given)
}

async function hears(): Promise<void> {
  const { publish } = await shop.raw('order-service')
  const messageId = newId()
  await publish('x', { contentType: CONTENT_TYPE.lone, messageId, userId: 'order-service' })
  await eventually(() => expect(heard.map((delivery) => delivery.messageId)).toContain(messageId), 20_000)
}

it('starts with the broker away, and connects when it comes', async () => {
  await proxy.refuse()
  start()
  await eventually(() => expect(bus.trouble).toBe('not reachable'))
  expect(bus.canPublish || bus.isConsuming).toBe(false)
  await proxy.accept()
  await isConnected({ bus } as never)
  await hears()
})

it('is not reachable, rather than refused, at a port whose number reads like a refusal', async () => {
  const warn = jest.fn()
  bus = new RabbitBus({
    service: 'product-service',
    url: 'amqp://127.0.0.1:14035/none',
    heartbeatS: 5,
    log: { ...silent, warn },
  })
  bus.start(handler())
  await eventually(() => expect(JSON.stringify(warn.mock.calls)).toContain('14035'))
  expect(bus.trouble).toBe('not reachable')
})

it('of several nodes it takes the next when one is away, and says in the log which, without secrets', async () => {
  const other = await TcpProxy.to(host, Number(port))
  const url = shop.broker.urlOf('product-service')
  const info = jest.fn()
  const warn = jest.fn()
  bus = new RabbitBus({
    service: 'product-service',
    url: [proxy, other].map((node) => node.through(url)).join(),
    heartbeatS: 5,
    log: { ...silent, info, warn },
  })
  bus.start(handler())
  for (const [node, next] of [
    [proxy, other],
    [other, proxy],
  ] as const) {
    await isConnected({ bus } as never)
    await node.refuse()
    await next.accept()
    node.reset()
    await hears()
    const atTheNext = expect.objectContaining({ broker: `127.0.0.1:${next.port}` })
    await eventually(() => expect(info).toHaveBeenLastCalledWith(atTheNext, 'broker session up'))
  }
  expect(JSON.stringify([...info.mock.calls, ...warn.mock.calls])).not.toContain('development-only')
  await other.close()
})

it.each([
  ['opening the connection', /AMQP/],
  ['opening the vhost', /PLAIN/],
  ['looking for the exchange', /shop\.events/],
  ['looking for the queue', /product-service\.events/],
  ['looking for the dead letters', /product-service\.dead/],
])('survives a connection lost while %s', async (_when, frame) => {
  const cut = proxy.cutAfter(frame)
  start()
  await cut
  await isConnected({ bus } as never)
  await hears()
})

it('survives a broker that accepts and never answers', async () => {
  proxy.mode = 'blackhole'
  start()
  await eventually(() => expect(bus.trouble).toBe('not reachable'))
  proxy.mode = 'pass'
  await isConnected({ bus } as never)
  await hears()
})

it('subscribes once, however slowly the broker answers', async () => {
  const busy = handler(false)
  start({ handler: busy })
  await eventually(() => expect(bus.canPublish).toBe(true), 20_000)
  proxy.delayMs = 500
  busy.isReady = true
  await eventually(() => expect(bus.isConsuming).toBe(true), 60_000)
  proxy.delayMs = 0
  const { channel } = await shop.raw()
  expect(await channel.checkQueue('product-service.events')).toHaveProperty('consumerCount', 1)
  await hears()
})

it('sets a channel up again that the broker alone has closed', async () => {
  start()
  await isConnected({ bus } as never)
  await hears()
  heard[0]?.ackUpTo()
  heard[0]?.ackUpTo() // an unknown tag: 406 closes the channel, the connection stays
  await eventually(() => expect(bus.isConsuming).toBe(false))
  await isConnected({ bus } as never)
  await hears()
})

it('is not ready while its queue is missing, says so, declares nothing, and resumes with the queue', async () => {
  start()
  await isConnected({ bus } as never)
  const { management, vhost } = shop.broker
  const queue = `/queues/${vhost}/product-service.events`
  await management.delete(queue)
  await eventually(() => expect(bus.trouble).toBe('queue product-service.events is missing'))
  expect(bus.isConsuming).toBe(false)
  expect(bus.canPublish).toBe(true)
  const until = performance.now() + 2_500
  await eventually(async () => {
    await expect(management.get(queue)).rejects.toThrow('404')
    expect(performance.now()).toBeGreaterThan(until)
  })
  await applyTopology(management, manifestOf([sender, receiver]), { vhost, passwordOf: developmentPassword })
  const begun = performance.now()
  await isConnected({ bus } as never)
  // long before it would look for a consumer that went silent
  expect(performance.now() - begun).toBeLessThan(5_000)
  await hears()
})

describe('a broker that refuses', () => {
  const wrongPassword = () => shop.broker.urlOf('product-service').replace(/development-only-[a-z-]+@/, 'wrong@')
  const wrongVhost = () => shop.broker.urlOf('product-service').replace(shop.broker.vhost, 'nowhere')

  const withoutPermission = async () => {
    await shop.broker.management.delete(permission())
    return shop.broker.urlOf('product-service')
  }
  const permission = () => `/permissions/${shop.broker.vhost}/product-service`
  const permitAgain = () => {
    const { management, vhost } = shop.broker
    return applyTopology(management, manifestOf([sender, receiver]), { vhost, passwordOf: developmentPassword })
  }
  afterEach(permitAgain)

  it.each<[string, () => string | Promise<string>]>([
    ['the password', wrongPassword],
    ['the vhost', wrongVhost],
    ['a user the vhost', withoutPermission],
  ])('%s at the start is reported after three tries, in words', async (_what, url) => {
    const refused = jest.fn()
    const warn = jest.fn()
    start({ url: await url(), onRefused: refused, log: { ...silent, warn } })
    await eventually(() => expect(refused).toHaveBeenCalled())
    expect(refused.mock.calls[0]?.[0]).toHaveProperty('message', 'wrong user, password or vhost')
    expect(warn.mock.calls.length).toBeGreaterThanOrEqual(3)
    expect(JSON.stringify(warn.mock.calls)).not.toContain('development-only')
  })

  it('later on is waited for: it has lost its users, and gets them back', async () => {
    const refused = jest.fn()
    start({ onRefused: refused })
    await isConnected({ bus } as never)
    await shop.broker.management.delete(permission())
    proxy.reset()
    await eventually(() => expect(bus.trouble).toBe('wrong user, password or vhost'))
    const until = performance.now() + 4_000
    await eventually(() => expect(performance.now()).toBeGreaterThan(until))
    expect(refused).not.toHaveBeenCalled()
    await permitAgain()
    await isConnected({ bus } as never)
    await hears()
  })
})

it('notices a half-open connection by its heartbeats', async () => {
  start({ heartbeatS: 2 })
  await isConnected({ bus } as never)
  proxy.mode = 'half-open'
  await eventually(() => expect(bus.canPublish || bus.isConsuming).toBe(false), 25_000)
  proxy.mode = 'pass'
  await isConnected({ bus } as never)
  await hears()
})

it('closes in time, whatever the broker does', async () => {
  start()
  await isConnected({ bus } as never)
  proxy.mode = 'blackhole'
  const begun = performance.now()
  await bus.close()
  // nobody answers: without a limit it would wait for the heartbeats
  expect(performance.now() - begun).toBeLessThan(9_000)
})

it('rejects what is unconfirmed when the connection is lost', async () => {
  start()
  await isConnected({ bus } as never)
  proxy.mode = 'half-open'
  const message = { routingKey: 'inventory.released', contentType: 'x', messageId: newId(), body: Buffer.from('x') }
  const published = bus.publish(message)
  proxy.reset()
  await expect(published).rejects.toThrow('unconfirmed')
})
