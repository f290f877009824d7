import type { BasicConfig } from '../config/read-config'
import type { ServiceName } from '../contracts/services'
import type { Log } from '../log'
import { requestHead, spanJson } from './otlp-json'
import { OtlpSender } from './otlp-sender'
import type { Tracing } from './tracing'

type Settings = Pick<BasicConfig, 'otlpEndpoint' | 'otlpHeaders' | 'tracesSampler' | 'tracesSampledShare'>

/**
 * Sends spans to an OpenTelemetry collector, or to whatever else takes OTLP over HTTP. A span is written down when it is
 * over, at once as what is sent, so that nothing of it is kept.
 */
export function otlpTracing(service: ServiceName, settings: Settings, log: Log): Tracing {
  const url = `${settings.otlpEndpoint.replace(/\/+$/, '')}/v1/traces`
  const sender = new OtlpSender({ url, headers: headersIn(settings.otlpHeaders), head: requestHead(service), log })
  return {
    samples: samplerOf(settings),
    record: (span) => sender.add(spanJson(span)),
    close: () => sender.close(),
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
