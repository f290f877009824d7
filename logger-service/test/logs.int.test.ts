import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type LogLine, Metrics, newId, type Participant, type Runtime, statement } from '@order-saga/common'
import {
  eventually,
  servers,
  TcpProxy,
  type TestBroker,
  type TestTokens,
  testBroker,
  testTokens,
} from '@order-saga/common/testing'
import amqp from 'amqplib'
import { LogShipper } from '../../common/src/logs/log-shipper'
import { buildLoggerService, participant } from '../src'
import { loggerConfig } from './config'
import { type Logger, startLogger } from './logger'

jest.setTimeout(60_000)

const sender: Participant = { service: 'payment-service', reacts: [], migrations: [] }
let logger: Logger
let tokens: TestTokens
let broker: TestBroker
let service: Runtime
let proxy: TcpProxy
let relay: Relay
let shipper: LogShipper
const metrics = new Metrics('payment-service')

beforeAll(async () => {
  ;[broker, logger, tokens] = await Promise.all([testBroker([participant, sender]), startLogger(), testTokens()])
  const config = loggerConfig(logger.db.url, broker.urlOf('logger-service'))
  service = await buildLoggerService({ ...config, jwksUrl: tokens.jwksUrl, managementUrl: broker.monitoringUrl })
  await service.start()
  const [host = '', port] = servers.amqpAddress.split(':')
  proxy = await TcpProxy.to(host, Number(port))
  relay = await startRelay(proxy.port)
  const url = new URL(broker.urlOf('payment-service'))
  url.host = `127.0.0.1:${relay.port}`
  shipper = new LogShipper({ service: 'payment-service', url: url.href, heartbeatS: 60, metrics })
  shipper.start()
})
afterAll(async () => {
  await shipper.close()
  await relay.close()
  await proxy.close()
  await service.stop()
  await Promise.all([broker.drop(), logger.close(), tokens.close()])
})

type Relay = Awaited<ReturnType<typeof startRelay>>

/** A way to the broker that can stop reading, as a broker does that is stopped. */
async function startRelay(target: number) {
  const clients = new Set<Socket>()
  const server = createServer((client) => {
    const there = connect(target, '127.0.0.1')
    clients.add(client)
    client.on('data', (chunk) => there.write(chunk)).on('error', () => {})
    client.on('close', () => there.destroy())
    there.on('error', () => {}).on('close', () => client.destroy())
    there.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    freeze: async () => clients.forEach((client) => void client.pause()),
    thaw: async () => clients.forEach((client) => void client.resume()),
    close: async () => {
      for (const client of clients) client.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const asked = async (query: string): Promise<{ lines: (LogLine & { at: string })[]; next: string | null }> => {
  const url = `/logs?${query}`
  return (await service.app.inject({ url, headers: { authorization: tokens.bearer(newId(), 'admin') } })).json()
}
const linesOf = async (query: string) => (await asked(query)).lines
const tellWarning = (message: string, about: object = {}) => shipper.tell({ level: 'warn', message, ...about })

test('a line is found by order, trace, request, service, level, kind and what it says', async () => {
  const about = { orderId: newId(), eventId: newId(), requestId: newId(), traceId: 'a'.repeat(32) }
  shipper.tell({ level: 'info', kind: 'parked', message: 'Refused by the Moon', fields: { attempt: 2 }, ...about })
  tellWarning('something else')
  const expected = [{ service: 'payment-service', level: 'info', kind: 'parked', fields: { attempt: 2 }, ...about }]
  await eventually(async () => expect(await linesOf(`orderId=${about.orderId}`)).toMatchObject(expected), 20_000)
  for (const query of [
    `eventId=${about.eventId}`,
    `requestId=${about.requestId}`,
    `traceId=${about.traceId}`,
    'kind=parked',
    'level=info&service=payment-service',
    'q=by%20the%20moon',
    `orderId=${about.orderId}&since=2026-01-01T00:00:00Z`,
  ])
    expect([query, await linesOf(query)]).toMatchObject([query, expected])
  expect(await linesOf('service=order-service')).toEqual([])
  expect(await linesOf(`orderId=${about.orderId}&until=2026-01-01T00:00:00Z`)).toEqual([])
  expect(await linesOf('q=%25')).toEqual([])
})

test('no secret and no address is stored', async () => {
  const orderId = newId()
  const fields = { error: '550 <canary@example.com>', paymentToken: 'tok_canary', url: 'amqp://me:canary@broker' }
  tellWarning('to canary@example.com by tok_canary', { orderId, fields })
  await eventually(async () => expect(await linesOf(`orderId=${orderId}`)).toHaveLength(1), 20_000)
  const stored = await logger.database.query(statement('all-lines', 'SELECT * FROM log_lines'))
  expect(JSON.stringify(stored)).not.toContain('canary')
})

test('neither another service’s line nor nonsense is stored, and what comes after it is', async () => {
  const connection = await amqp.connect(broker.urlOf('payment-service'))
  const channel = await connection.createConfirmChannel()
  const say = (content: unknown) =>
    channel.publish(
      'shop.logs',
      'log.payment-service.warn',
      Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
    )
  const line = {
    id: newId(),
    at: new Date().toISOString(),
    service: 'order-service',
    level: 'warn',
    kind: null,
    message: 'forged',
    orderId: null,
    eventId: null,
    traceId: null,
    requestId: null,
    fields: {},
  }
  const good = { ...line, id: newId(), service: 'payment-service', message: 'after nonsense' }
  for (const content of ['{', 'null', [[]], { ...line, level: 'loud' }, [line], [good, 1], [good]]) say(content)
  await channel.waitForConfirms()
  await connection.close()
  await eventually(async () => expect(await linesOf('q=after%20nonsense')).toHaveLength(1), 20_000)
  expect(await linesOf('q=forged')).toEqual([])
  await eventually(async () =>
    expect(await service.metrics.registry.metrics()).toMatch(/log_lines_total{outcome="refused"[^}]*} 6/),
  )
})

const LINES = 6_000

describe.each([
  ['frozen', () => relay.freeze(), () => relay.thaw()],
  ['away', () => proxy.refuse().then(() => proxy.reset()), () => proxy.accept()],
])('a broker that is %s', (how, begin, end) => {
  test('holds nobody up: the newest lines wait, the oldest are dropped and counted', async () => {
    const dropped = async () => (await metrics.logLinesDropped.get()).values[0]?.value ?? 0
    const before = await dropped()
    await begin()
    const fields = { padding: Array.from({ length: 3 }, () => 'x'.repeat(1_000)) }
    let longestMs = 0
    for (let n = 0; n < LINES; n++) {
      const begunMs = performance.now()
      tellWarning(`${how} ${n}`, { fields })
      longestMs = Math.max(longestMs, performance.now() - begunMs)
      if (n % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve, 250))
    }
    expect(longestMs).toBeLessThan(1_000)
    expect((await dropped()) - before).toBeGreaterThan(500)
    await end()
    await eventually(async () => expect(await linesOf(`q=${how}%20${LINES - 1}`)).toHaveLength(1), 30_000)
  })
})

test('what the journal cannot keep up with is dropped by the queue, the oldest first', async () => {
  const other = await testBroker([participant, sender])
  // the queue's own limit is ten thousand messages; the smaller of the two counts
  const policy = { pattern: '.*', definition: { 'max-length': 5 }, 'apply-to': 'queues' }
  await other.management.put(`/policies/${other.vhost}/short`, policy)
  const connection = await amqp.connect(other.urlOf('payment-service'))
  const channel = await connection.createConfirmChannel()
  await eventually(async () => {
    const queue = await other.management.get<{ policy?: string }>(`/queues/${other.vhost}/logger-service.logs`)
    expect(queue.policy).toBe('short')
  }, 20_000)
  for (let n = 0; n < 20; n++) channel.publish('shop.logs', 'log.payment-service.warn', Buffer.from(String(n)))
  await channel.waitForConfirms()
  await connection.close()
  const reader = await amqp.connect(other.urlOf('logger-service'))
  const reading = await reader.createChannel()
  const left: string[] = []
  await reading.consume('logger-service.logs', (message) => void left.push(String(message?.content)), { noAck: true })
  await eventually(() => expect(left).toEqual(['15', '16', '17', '18', '19']), 20_000)
  await reader.close()
  await other.drop()
})
