import type { SpanContext } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import type { BasicConfig } from '../config/read-config'
import type { ServiceName } from '../contracts/services'
import type { Log } from '../log'
import { isSampled, spanIdOf, type Traceparent, traceIdOf } from './traceparent'
import type { Span, Tracing } from './tracing'

type Settings = Pick<BasicConfig, 'otlpEndpoint' | 'otlpHeaders' | 'tracesSampler' | 'tracesSampledShare'>

// what a service of this speed may say while an answer is under way; more is dropped
const QUEUE = { maxQueueSize: 20_000, maxExportBatchSize: 1_000, scheduledDelayMillis: 1_000 }

/**
 * Sends spans to an OpenTelemetry collector, or to whatever else takes OTLP over HTTP. Spans are written down when they
 * are over, with ids of our own, so that nothing is kept open and the SDK has only to gather and to send.
 */
export function otlpTracing(service: ServiceName, settings: Settings, log: Log): Tracing {
  const url = `${settings.otlpEndpoint.replace(/\/+$/, '')}/v1/traces`
  const exporter = new OTLPTraceExporter({ url, headers: headersIn(settings.otlpHeaders), timeoutMillis: 5_000 })
  const processor = new BatchSpanProcessor(telling(exporter, log), QUEUE)
  const common = {
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'order-saga' }),
    instrumentationScope: { name: 'order-saga' },
  }
  return {
    samples: samplerOf(settings),
    record: (span) => processor.onEnd({ ...common, ...readable(span) }),
    close: () => processor.shutdown().catch(() => {}),
  }
}

/** Says once that nobody takes spans, and once that somebody does again. */
function telling(exporter: SpanExporter, log: Log): SpanExporter {
  let isLost = false
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const isFailed = result.code !== 0
        if (isFailed && !isLost) log.warn({ reason: result.error?.message }, 'nobody takes spans: they are dropped')
        if (!isFailed && isLost) log.info({}, 'spans are taken again')
        isLost = isFailed
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
  }
}

function samplerOf({ tracesSampler, tracesSampledShare }: Settings): Tracing['samples'] {
  if (tracesSampler === 'parentbased_always_on') return () => true
  if (tracesSampler === 'parentbased_always_off') return () => false
  // the lower half of an id: all of it random by W3C's second level
  return (traceId) => Number.parseInt(traceId.slice(-13), 16) < tracesSampledShare * 2 ** 52
}

const headersIn = (raw: string): Record<string, string> =>
  Object.fromEntries(
    raw
      .split(',')
      .map((pair) => pair.trim().split('='))
      .filter(([name]) => name)
      .map(([name = '', ...value]) => [name, decodeURIComponent(value.join('='))]),
  )

const contextOf = (traceparent: Traceparent): SpanContext => ({
  traceId: traceIdOf(traceparent),
  spanId: spanIdOf(traceparent),
  traceFlags: isSampled(traceparent) ? 1 : 0,
})

const hrTime = (ms: number): [number, number] => {
  const seconds = Math.trunc(ms / 1_000)
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)]
}

const NONE: [] = []

function readable(span: Span): Omit<ReadableSpan, 'resource' | 'instrumentationScope'> {
  const { context, parent, name, kind, startMs, endMs, attributes, links = [], error } = span
  const own = contextOf(context)
  return {
    name,
    kind: kind as number,
    spanContext: () => own,
    ...(parent && { parentSpanContext: { ...contextOf(parent), isRemote: true } }),
    startTime: hrTime(startMs),
    endTime: hrTime(endMs),
    duration: hrTime(Math.max(endMs - startMs, 0)),
    status: error ? { code: 2, message: error } : { code: 0 },
    attributes,
    links: links.map((link) => ({ context: contextOf(link) })),
    events: NONE,
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}
