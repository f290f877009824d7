import type { SpanKind } from '@opentelemetry/api'
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { REQUEST_TAIL, requestHead, spanJson } from '../src/tracing/otlp-json'
import { isSampled, spanIdOf, type Traceparent, traceIdOf } from '../src/tracing/traceparent'
import { KIND, type Span } from '../src/tracing/tracing'

const context = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const other = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-00'

const spans: Record<string, Span> = {
  'a span of its own': {
    context,
    name: 'a',
    kind: KIND.server,
    startMs: 1_764_395_460_123,
    endMs: 1_764_395_460_124,
    attributes: {},
  },
  'a span below another, with every kind of value': {
    context,
    parent: other,
    name: 'publish shop.events:order.created',
    kind: KIND.producer,
    startMs: 1_764_395_460_123.25,
    endMs: 1_764_395_461_000.5,
    attributes: { text: 'é "quoted" \\ \n €', whole: 3, part: 0.5, yes: true, no: false, none: undefined, empty: '' },
    links: [other, context],
    error: 'left_to_sweep',
  },
  'a span that ended before it began': {
    context,
    name: '"',
    kind: KIND.client,
    startMs: 1_764_395_460_123.5,
    endMs: 0,
    attributes: {},
  },
}

const contextOf = (traceparent: Traceparent) => ({
  traceId: traceIdOf(traceparent),
  spanId: spanIdOf(traceparent),
  traceFlags: Number(isSampled(traceparent)),
})

const timeOf = (ms: number): [number, number] => [Math.trunc(ms / 1_000), Math.trunc((ms % 1_000) * 1e6)]

/** As OpenTelemetry's own serializer writes it. */
function theirs({ context, parent, name, kind, startMs, endMs, attributes, links = [], error }: Span) {
  const defined = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
  const bytes = JsonTraceSerializer.serializeRequest([
    {
      name,
      kind: (kind - 1) as SpanKind,
      spanContext: () => contextOf(context),
      ...(parent && { parentSpanContext: { ...contextOf(parent), isRemote: true } }),
      startTime: timeOf(startMs),
      endTime: timeOf(Math.max(startMs, endMs)),
      duration: [0, 0],
      status: error ? { code: 2, message: error } : { code: 0 },
      attributes: defined as Record<string, string>,
      links: links.map((link) => ({ context: contextOf(link) })),
      events: [],
      ended: true,
      resource: resourceFromAttributes({ 'service.name': 'order-service', 'service.namespace': 'order-saga' }),
      instrumentationScope: { name: 'order-saga' },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    },
  ])
  return JSON.parse(new TextDecoder().decode(bytes))
}

/** What is zero or empty need not be said. */
const said = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, part) => {
      if (key === 'status') return part.code === 0 ? undefined : part
      return (key.startsWith('dropped') && part === 0) || (Array.isArray(part) && part.length === 0) ? undefined : part
    }),
  )

test.each(Object.entries(spans))("%s is what OpenTelemetry's own serializer makes of it", (_, span) => {
  const ours = JSON.parse(requestHead('order-service') + spanJson(span) + REQUEST_TAIL)
  expect(said(ours)).toEqual(said(theirs(span)))
})
