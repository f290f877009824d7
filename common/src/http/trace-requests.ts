import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Cause } from '../contracts/envelope'
import {
  below,
  isSampled,
  newSpanId,
  newTraceId,
  type Traceparent,
  traceparentIn,
  traceparentOf,
} from '../tracing/traceparent'
import { KIND, nowMs, type Tracing } from '../tracing/tracing'

interface RequestTrace {
  readonly context: Traceparent
  readonly parent: Traceparent | undefined
}

const begun = new WeakMap<IncomingMessage, RequestTrace>()

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whatever a request causes is traced back to it: to its span, or where none are recorded, to what its sender says. */
export const traceparentOfRequest = ({ raw }: FastifyRequest): Traceparent | undefined =>
  begun.get(raw)?.context ?? traceparentIn(raw.headers.traceparent)

/** What a request tells is traced back to it. */
export const causeOfRequest = (request: FastifyRequest): Cause => ({
  correlationId: request.id,
  traceparent: traceparentOfRequest(request),
})

/** A request that only reads begins no trace of its own: polls would be most of what there is. */
export function beginTrace(tracing: Tracing, raw: IncomingMessage): Traceparent | undefined {
  const parent = traceparentIn(raw.headers.traceparent)
  if (parent === undefined && READS.has(raw.method ?? '')) return undefined
  const context = parent === undefined ? root(tracing) : below(parent)
  begun.set(raw, { context, parent })
  return context
}

function root(tracing: Tracing): Traceparent {
  const traceId = newTraceId()
  return traceparentOf(traceId, newSpanId(), tracing.samples(traceId))
}

export function recordRequest(tracing: Tracing, request: FastifyRequest, reply: FastifyReply): void {
  const trace = begun.get(request.raw)
  if (!trace || !isSampled(trace.context)) return
  const { method, id, is404, routeOptions } = request
  const { statusCode, elapsedTime } = reply
  const route = is404 ? undefined : routeOptions.url
  const attributes = {
    'http.request.method': method,
    'http.response.status_code': statusCode,
    'shop.request.id': id,
    // no path: what somebody puts there may be a secret
    'http.route': route,
  }
  const endMs = nowMs()
  const error = statusCode >= 500 ? String(statusCode) : undefined
  const name = route ? `${method} ${route}` : method
  tracing.record({ ...trace, name, kind: KIND.server, startMs: endMs - elapsedTime, endMs, attributes, error })
}
