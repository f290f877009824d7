import { isSampled, spanIdOf, type Traceparent, traceIdOf } from './traceparent'
import type { Attributes, AttributeValue, Span } from './tracing'

/**
 * A span as OTLP has it in JSON, with the field names and numbers of its protobuf definition. Put together as text: an object
 * for each of its parts would cost ten times as much, and most of that later, to whoever collects the garbage.
 */
export function spanJson({ context, parent, name, kind, startMs, endMs, attributes, links = [], error }: Span): string {
  const below = parent === undefined ? '' : `,"parentSpanId":"${spanIdOf(parent)}"`
  const linked = links.length === 0 ? '' : `,"links":[${links.map(linkJson).join(',')}]`
  const status = error === undefined ? '{"code":0}' : `{"code":2,"message":${JSON.stringify(error)}}`
  return (
    `{${idsJson(context)}${below},"flags":${flagsOf(context, parent !== undefined)},"name":${JSON.stringify(name)},` +
    `"kind":${kind},"startTimeUnixNano":"${nanoseconds(startMs)}","endTimeUnixNano":"${nanoseconds(Math.max(startMs, endMs))}",` +
    `"attributes":[${attributesJson(attributes)}],"status":${status}${linked}}`
  )
}

/** What goes before the spans of a service. */
export const requestHead = (service: string): string =>
  `{"resourceSpans":[{"resource":{"attributes":[${attributesJson({ 'service.name': service, 'service.namespace': 'order-saga' })}]},` +
  '"scopeSpans":[{"scope":{"name":"order-saga"},"spans":['

export const REQUEST_TAIL = ']}]}]}'

// of the protobuf definition: whether it is known that the parent is remote, and whether it is
const KNOWN_REMOTE = 0x100
const REMOTE = 0x200

const flagsOf = (context: Traceparent, isRemote: boolean): number =>
  Number(isSampled(context)) | KNOWN_REMOTE | (isRemote ? REMOTE : 0)

const idsJson = (context: Traceparent): string => `"traceId":"${traceIdOf(context)}","spanId":"${spanIdOf(context)}"`

const linkJson = (link: Traceparent): string => `{${idsJson(link)},"attributes":[],"flags":${flagsOf(link, false)}}`

// as text: a number of nanoseconds is beyond what a double holds
const nanoseconds = (ms: number): string => {
  const whole = Math.trunc(ms)
  return `${whole}${String(Math.trunc((ms - whole) * 1e6)).padStart(6, '0')}`
}

function attributesJson(attributes: Attributes): string {
  let json = ''
  for (const key in attributes) {
    const value = attributes[key]
    if (value !== undefined) json += `${json && ','}{"key":"${key}","value":${valueJson(value)}}`
  }
  return json
}

function valueJson(value: AttributeValue): string {
  if (typeof value === 'string') return `{"stringValue":${JSON.stringify(value)}}`
  if (typeof value === 'boolean') return `{"boolValue":${value}}`
  return Number.isInteger(value) ? `{"intValue":${value}}` : `{"doubleValue":${value}}`
}
