import type { Id } from '../schemas'
import type { Contract, DataOf } from './define-event'

/**
 * An event on the wire: CloudEvents 1.0 attributes in structured mode over AMQP 0-9-1
 * (the official AMQP binding is AMQP 1.0 only). Extensions are lower case without separators, as CloudEvents asks.
 */
export interface Envelope<D = unknown> {
  readonly specversion: '1.0'
  /** UUIDv7, the dedup key. */
  readonly id: Id
  /** The publishing service. */
  readonly source: string
  /** The event type, equal to the routing key. */
  readonly type: string
  /** Order, product or user id. */
  readonly subject: string
  readonly time: string
  readonly dataschema: string
  readonly data: D
  /** The same for everything one client request set off. */
  readonly correlationid: Id
  /** Id of the event that directly caused this one; absent when a request did. */
  readonly causationid?: Id
  /** W3C Trace Context. */
  readonly traceparent?: string
  /** On a repeated answer: id of the first one. */
  readonly repeats?: Id
}

export type EventOf<C extends Contract> = Envelope<DataOf<C>>

/** What an emitted event is traced back to. */
export interface Cause {
  readonly correlationId: Id
  readonly causationId?: Id | undefined
  readonly traceparent?: string | undefined
}

// by the event itself, which stays as it came: it is stored that way
const contexts = new WeakMap<Envelope, string>()

/** The trace context of what is done because of an event, where that is recorded; with `context` it begins. */
export function processedUnder(event: Envelope, context?: string): string | undefined {
  if (context !== undefined) contexts.set(event, context)
  return contexts.get(event)
}

export const causeOf = (event: Envelope): Cause => ({
  correlationId: event.correlationid,
  causationId: event.id,
  traceparent: contexts.get(event) ?? event.traceparent,
})

export const CONTENT_TYPE = {
  lone: 'application/cloudevents+json',
  batch: 'application/cloudevents-batch+json',
} as const
