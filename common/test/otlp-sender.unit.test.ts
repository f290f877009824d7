import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../src'
import { requestHead } from '../src/tracing/otlp-json'
import { OtlpSender } from '../src/tracing/otlp-sender'

const taken: { spans: unknown[]; token: unknown }[] = []
let status = 200
const collector = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    if (status === 200) {
      const { resourceSpans } = JSON.parse(String(Buffer.concat(chunks)))
      taken.push({ spans: resourceSpans[0].scopeSpans[0].spans, token: request.headers['x-token'] })
    }
    response.writeHead(status).end('{}')
  })
})
const said: string[] = []
const say = (level: string) => (_fields: object, message: string) => void said.push(`${level} ${message}`)
const log: Log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
let url: string

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`
})
beforeEach(() => {
  taken.length = 0
  said.length = 0
  status = 200
})
afterAll(() => {
  collector.closeAllConnections()
  return new Promise((resolve) => collector.close(resolve))
})

const sender = () => new OtlpSender({ url, headers: { 'x-token': 'a' }, head: requestHead('order-service'), log })

test('a collector that refuses costs its spans and one line of the log, and so does its return', async () => {
  const sending = sender()
  const SAID = ['warn nobody takes spans: they are dropped', 'info spans are taken again']
  for (const [now, lines] of [
    [503, 1],
    [503, 1],
    [200, 2],
    [200, 2],
  ] as const) {
    status = now
    sending.add('{"name":"a"}')
    await sending.close()
    expect(said).toEqual(SAID.slice(0, lines))
  }
  expect(taken.map(({ spans }) => spans)).toEqual([[{ name: 'a' }], [{ name: 'a' }]])
})

test('spans of a second go together, whole, with the headers that were set, in as many requests as they need', async () => {
  const sending = sender()
  // three bytes a character
  const names = Array.from({ length: 3_000 }, (_, i) => `${i} ${'€'.repeat(300)}`)
  for (const name of names) sending.add(JSON.stringify({ name }))
  await sending.close()
  expect(said).toEqual([])
  const sorted = taken.flatMap(({ spans }) => spans as { name: string }[]).map(({ name }) => name)
  expect(sorted.sort()).toEqual(names.sort())
  expect(taken.length).toBeGreaterThan(1)
  expect(taken.length).toBeLessThan(10)
  expect(new Set(taken.map(({ token }) => token))).toEqual(new Set(['a']))
})

test('what is too much while answers are under way is dropped, and no memory is taken for it', async () => {
  const sending = sender()
  const span = JSON.stringify({ name: 'x'.repeat(100_000) })
  for (let i = 0; i < 1_000; i++) sending.add(span)
  expect(said).toEqual(['warn nobody takes spans: they are dropped'])
  await sending.close()
  const { length } = taken.flatMap(({ spans }) => spans)
  expect(length).toBeGreaterThan(0)
  expect(length).toBeLessThan(100)
})
