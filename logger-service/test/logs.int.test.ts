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
let shipper: LogShipper
const metrics = new Metrics('payment-service')

beforeAll(async () => {
  ;[broker, logger, tokens] = await Promise.all([testBroker([participant, sender]), startLogger(), testTokens()])
  const config = loggerConfig(logger.db.url, broker.urlOf('logger-service'))
  service = await buildLoggerService({ ...config, jwksUrl: tokens.jwksUrl, managementUrl: broker.monitoringUrl })
  await service.start()
  const [host = '', port] = servers.amqpAddress.split(':')
  proxy = await TcpProxy.to(host, Number(port))
  const url = proxy.through(broker.urlOf('payment-service'))
  shipper = new LogShipper({ service: 'payment-service', url, heartbeatS: 60, metrics })
  shipper.start()
})
afterAll(async () => {
  await shipper.close()
  await proxy.close()
  await service.stop()
  await Promise.all([broker.drop(), logger.close(), tokens.close()])
})

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

test('a frozen broker holds nobody up: the newest lines wait, the oldest are dropped and counted', async () => {
  proxy.mode = 'blackhole'
  const orderId = newId()
  const begunMs = performance.now()
  // more than the sockets between here and the broker hold
  const fields = { padding: Array.from({ length: 3 }, () => 'x'.repeat(1_000)) }
  for (let n = 0; n < 4_000; n++) {
    tellWarning(`frozen ${n}`, { orderId, fields })
    if (n % 500 === 0) await new Promise(setImmediate)
  }
  expect(performance.now() - begunMs).toBeLessThan(10_000)
  const dropped = async () => (await metrics.logLinesDropped.get()).values[0]?.value ?? 0
  expect(await dropped()).toBeGreaterThan(1_000)
  proxy.mode = 'pass'
  await eventually(async () => expect(await linesOf('q=frozen%203999')).toHaveLength(1), 30_000)
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
