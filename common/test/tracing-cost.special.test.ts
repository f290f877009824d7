import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Envelope, newId, orderCreated, serviceNames, silent, tell } from '../src'
import { outgoing } from '../src/outbox/outgoing'
import { pack } from '../src/outbox/pack'
import { otlpTracing } from '../src/tracing/otlp-tracing'
import { ProcessSpans } from '../src/tracing/process-spans'
import { recordPublished } from '../src/tracing/publish-spans'
import type { Tracing } from '../src/tracing/tracing'

// as docs/observability.md counts them: of a paid order, with an ack for everybody who processes
const SPANS_OF_AN_ORDER = 31
const MAX_SHARE_PERCENT = 10
const EVENTS = 20_000
const BATCH = 20
// two, and one for the ack of its batch
const SPANS_OF_AN_EVENT = 2 + 1 / BATCH
const TURNS = 3
// time for what is sent to be sent
const REST_EVERY = 400
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

// a process of its own: what taking spans costs is another matter
const COLLECTOR = `require('node:http').createServer((request, response) => request.resume().on('end', () => response.end('{}')))
  .listen(0, '127.0.0.1', function () { console.log(this.address().port) })`

let collector: ChildProcess
let otlpEndpoint: string

beforeAll(async () => {
  collector = spawn(process.execPath, ['-e', COLLECTOR], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(collector.stdout as NonNullable<typeof collector.stdout>, 'data')
  otlpEndpoint = `http://127.0.0.1:${String(port).trim()}`
})
afterAll(() => collector.kill())

const settings = () =>
  ({ otlpEndpoint, otlpHeaders: '', tracesSampler: 'parentbased_always_on', tracesSampledShare: 1 }) as const

/** Tells and hears events as a service does, without servers; answers µs of processor time for each. */
async function cost(tracing: Tracing | undefined): Promise<number> {
  const spans = tracing && new ProcessSpans(tracing, 'product-service')
  const before = process.cpuUsage()
  for (let told = 0; told < EVENTS; told += BATCH) {
    const events = Array.from({ length: BATCH }, () => {
      const cause = { correlationId: newId(), traceparent }
      return outgoing('order-service', tell(orderCreated, orderCreated.example, newId()), cause, tracing !== undefined)
    })
    for (const { message, tellings } of pack(events)) {
      if (tracing) recordPublished(tracing, tellings, 'confirmed')
      const heard: Envelope[] = JSON.parse(String(message.body))
      spans?.begin(heard)
      for (const event of heard)
        spans?.end(event, { outcome: 'changed', reason: '', handler: 'reserveStock', batch: BATCH })
      spans?.acked(heard)
    }
    if (told % REST_EVERY === 0) await pause(10)
  }
  await tracing?.close()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / EVENTS
}

/** What the seven services spend on an order, in ms of processor time. */
function costOfAnOrder(): number {
  const [, ours = ''] =
    /this shop: processor milliseconds an order[^\n]*\n([\s\S]*?)\n\n/.exec(
      readFileSync(join(__dirname, '../../docs/performance.md'), 'utf8'),
    ) ?? []
  const costs = serviceNames.map((service) => Number(new RegExp(`\\| ${service} \\| ([\\d.]+)`).exec(ours)?.[1]))
  return costs.reduce((sum, ms) => sum + ms, 0)
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number
const say = (line: string) => void process.stderr.write(`${line}\n`)

/** ns for each place that asks whether anybody wants spans, of which an event passes about ten. */
function costOfAsking(): number {
  const places: { tracing: Tracing | undefined }[] = Array.from({ length: 64 }, () => ({ tracing: undefined }))
  const asked = 20_000_000
  let wanted = 0
  const before = process.cpuUsage()
  for (let i = 0; i < asked; i++) if (places[i & 63]?.tracing) wanted++
  const { user, system } = process.cpuUsage(before)
  expect(wanted).toBe(0)
  return ((user + system) * 1_000) / asked
}

test('recording every order costs less than a tenth of what services spend on one, and asking costs nothing', async () => {
  const turns: { off: number; on: number }[] = []
  await cost(otlpTracing('order-service', settings(), silent))
  await cost(undefined)
  for (let turn = 0; turn < TURNS; turn++) {
    const off = await cost(undefined)
    const on = await cost(otlpTracing('order-service', settings(), silent))
    turns.push({ off, on })
    say(`an event: off ${off.toFixed(1)} µs, on ${on.toFixed(1)} µs`)
  }
  const span = median(turns.map(({ off, on }) => (on - off) / SPANS_OF_AN_EVENT))
  const orderMs = costOfAnOrder()
  const share = (span * SPANS_OF_AN_ORDER) / (orderMs * 10)
  const asking = costOfAsking()
  say(`a span: ${span.toFixed(1)} µs; of ${orderMs.toFixed(2)} ms an order ${share.toFixed(1)} %`)
  say(`off: ${asking.toFixed(1)} ns for each place that asks`)
  expect(orderMs).toBeGreaterThan(1)
  expect(share).toBeLessThan(MAX_SHARE_PERCENT)
  expect(asking).toBeLessThan(100)
}, 300_000)
