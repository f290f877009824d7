import { newId, orderCreated, tell } from '../src'
import { outgoing } from '../src/outbox/outgoing'
import { pack } from '../src/outbox/pack'
import { recordPublished, tellingAgain } from '../src/tracing/publish-spans'
import { tracedCall } from '../src/tracing/traced-call'
import { below, belowAs, isSampled, spanIdOf, traceIdOf, traceparentIn } from '../src/tracing/traceparent'
import type { Span, Tracing } from '../src/tracing/tracing'

const recorded = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const unrecorded = `${recorded.slice(0, -1)}0`

function recorder(): { spans: Span[]; tracing: Tracing } {
  const spans: Span[] = []
  return { spans, tracing: { samples: () => true, record: (span) => void spans.push(span), close: async () => {} } }
}

test('only a W3C traceparent travels on', () => {
  expect(traceparentIn(recorded)).toBe(recorded)
  const zeros = '0'.repeat(32)
  for (const header of [
    undefined,
    '',
    'x'.repeat(9000),
    `${recorded}-more`,
    [recorded],
    recorded.toUpperCase(),
    `ff${recorded.slice(2)}`,
    `00-${zeros}${recorded.slice(35)}`,
    `${recorded.slice(0, 36)}${zeros.slice(16)}-01`,
  ])
    expect(traceparentIn(header)).toBeUndefined()
})

test('a context below another is a new span of the same trace, recorded where that is', () => {
  for (const parent of [recorded, unrecorded]) {
    const child = below(parent)
    expect(traceparentIn(child)).toBe(child)
    expect(traceIdOf(child)).toBe(traceIdOf(parent))
    expect(spanIdOf(child)).not.toBe(spanIdOf(parent))
    expect(isSampled(child)).toBe(isSampled(parent))
  }
  const id = newId()
  expect(belowAs(recorded, id)).toBe(belowAs(below(recorded), id))
  expect(traceparentIn(belowAs(recorded, id))).toBeDefined()
})

const emission = () => tell(orderCreated, orderCreated.example, newId())
const told = (traceparent: string | undefined, isTraced: boolean) =>
  outgoing('order-service', emission(), { correlationId: newId(), traceparent }, isTraced)

test('where no spans are recorded a traceparent is passed on as it came, or not at all', () => {
  for (const [traceparent, isTraced] of [
    [recorded, false],
    [unrecorded, false],
    [unrecorded, true],
    [undefined, true],
  ] as const) {
    const event = told(traceparent, isTraced)
    expect(event).not.toHaveProperty('telling')
    expect(JSON.parse(event.json).traceparent).toBe(traceparent)
  }
})

test('an event of a recorded trace carries the context of its own span, that of the span a batch publishes for it', () => {
  const { spans, tracing } = recorder()
  const events = [told(recorded, true), told(unrecorded, true), told(recorded, true)]
  const [packet, ...others] = pack(events)
  if (!packet) throw new Error('nothing packed')
  expect(others).toEqual([])
  recordPublished(tracing, packet.tellings, 'confirmed')
  const carried = [events[0], events[2]].map((event) => JSON.parse(event?.json ?? '').traceparent)
  expect(spans.map(({ context, parent }) => [context, parent])).toEqual(carried.map((context) => [context, recorded]))
  expect(spans.map(({ error }) => error)).toEqual([undefined, undefined])
  recordPublished(tracing, packet.tellings, 'unknown')
  expect(spans[2]).toMatchObject({ error: 'unknown', attributes: { 'error.type': 'unknown' } })
})

test('what the sweep sends again is below the first telling', () => {
  const event = told(recorded, true)
  const { traceparent } = JSON.parse(event.json)
  const again = tellingAgain(event.json)
  expect(again).toMatchObject({ parent: traceparent, id: event.id })
  expect(again?.context).not.toBe(traceparent)
  expect(tellingAgain(told(unrecorded, true).json)).toBeUndefined()
  expect(tellingAgain(told(undefined, true).json)).toBeUndefined()
})

test('a call that throws is a span that says so with a word of ours, and throws on', async () => {
  const { spans, tracing } = recorder()
  const call = { name: 'ask', attributes: {} }
  const failing = tracedCall(tracing, recorded, call, async () => {
    throw new RangeError('canary@example.com')
  })
  await expect(failing).rejects.toThrow('canary')
  expect(spans).toMatchObject([{ name: 'ask', parent: recorded, error: 'RangeError' }])
  expect(JSON.stringify(spans)).not.toContain('canary')
  // not recorded: the context goes through all the same
  expect(await tracedCall(tracing, unrecorded, call, async (context) => context)).toBe(unrecorded)
  expect(await tracedCall(undefined, recorded, call, async (context) => context)).toBe(recorded)
  expect(spans).toHaveLength(1)
})
