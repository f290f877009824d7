import type { Id } from '../schemas'
import { type Message, messagingAttributes, spanNameOf } from './messaging-spans'
import { below, belowAs, isSampled, type Traceparent } from './traceparent'
import { KIND, nowMs, type Tracing } from './tracing'

/** Of an event on its way out whose trace is recorded. */
export interface Telling extends Message {
  readonly context: Traceparent
  readonly parent: Traceparent
  readonly startMs: number
  /** The event whose answer it gives again. */
  readonly repeats?: Id | undefined
}

export type Published = 'confirmed' | 'unroutable' | 'unknown' | 'left_to_sweep'

/** An event's span is over when the broker has the event, or when it is left to the outbox. */
export function recordPublished(tracing: Tracing, tellings: readonly Telling[], became: Published): void {
  const endMs = nowMs()
  const error = became === 'confirmed' ? undefined : became
  for (const telling of tellings) {
    const { context, parent, startMs, type, repeats } = telling
    const attributes = messagingAttributes(telling, 'publish', { batch: tellings.length, error })
    const links = repeats ? [belowAs(parent, repeats)] : []
    const name = spanNameOf('publish', type)
    tracing.record({ context, parent, name, kind: KIND.producer, startMs, endMs, attributes, links, error })
  }
}

/** An event told before, by whom nobody knows any more: its repeat is below its first telling. */
export function tellingAgain(json: string): Telling | undefined {
  const { id, type, subject, correlationid, traceparent } = JSON.parse(json)
  if (traceparent === undefined || !isSampled(traceparent)) return undefined
  const names = { id, type, subject, correlationId: correlationid }
  return { ...names, context: below(traceparent), parent: traceparent, startMs: nowMs() }
}
