import { randomBytes } from 'node:crypto'
import type { Id } from '../schemas'

/**
 * W3C Trace Context as it travels: `00-<trace>-<span>-<flags>`. It is passed on as text wherever it is only passed on, so
 * that a trace costs nothing where nobody records it.
 */
export type Traceparent = string

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** undefined for anything else: it would travel with every event of an order. */
export const traceparentIn = (header: unknown): Traceparent | undefined =>
  typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined

export const traceIdOf = (traceparent: Traceparent): string => traceparent.slice(3, 35)
export const spanIdOf = (traceparent: Traceparent): string => traceparent.slice(36, 52)

const SAMPLED = 1

/** Whoever began the trace wants it recorded. */
export const isSampled = (traceparent: Traceparent): boolean =>
  (Number.parseInt(traceparent.slice(53, 55), 16) & SAMPLED) === SAMPLED

// asking for them one by one would be a third of what a span costs
const POOL_BYTES = 4_096
let pool = Buffer.alloc(0)
let taken = 0

function randomHex(bytes: number): string {
  if (taken + bytes > pool.length) {
    pool = randomBytes(POOL_BYTES)
    taken = 0
  }
  taken += bytes
  return pool.toString('hex', taken - bytes, taken)
}

export const newTraceId = (): string => randomHex(16)
export const newSpanId = (): string => randomHex(8)

export const traceparentOf = (traceId: string, spanId: string, isSampled: boolean): Traceparent =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`

/** The context of a new span in the same trace. */
export const below = (parent: Traceparent, spanId = newSpanId()): Traceparent =>
  `00-${traceIdOf(parent)}-${spanId}-${parent.slice(53, 55)}`

/**
 * The context under which an event is told: its span is known by the event's id alone, so that whoever tells it again
 * can point to it.
 */
export const belowAs = (parent: Traceparent, event: Id): Traceparent =>
  below(parent, `${event.slice(19, 23)}${event.slice(24)}`)
