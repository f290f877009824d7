import type { Cause, Envelope } from '../contracts/envelope'
import type { ServiceName } from '../contracts/services'
import { PermanentError } from '../db/errors'
import type { Emission } from '../saga/decision'
import type { Id } from '../schemas'
import type { Telling } from '../tracing/publish-spans'
import { belowAs, isSampled } from '../tracing/traceparent'
import { nowMs } from '../tracing/tracing'

/** An event on its way out: the JSON is written once, for the outbox row and for the wire. */
export interface OutgoingEvent {
  readonly id: Id
  readonly type: string
  readonly json: string
  /** Where its trace is recorded. */
  readonly telling?: Telling | undefined
}

/**
 * Throws `PermanentError('invalid_event')` when the payload breaks its own contract: a bad event fails our
 * transaction, not a stranger's consumer. `isTraced`: it gets a span of its own, if its trace is recorded.
 */
export function outgoing(
  service: ServiceName,
  { id, contract, data, repeats }: Emission,
  cause: Cause,
  isTraced = false,
): OutgoingEvent {
  if (contract.publisher !== service)
    throw new PermanentError('invalid_event', `${contract.type} belongs to ${contract.publisher}, not to ${service}`)
  if (!contract.validator.Check(data)) {
    const [first] = contract.validator.Errors(data)
    throw new PermanentError('invalid_event', `${contract.type}${first?.instancePath ?? ''} ${first?.message ?? ''}`)
  }
  const parent = isTraced && cause.traceparent && isSampled(cause.traceparent) ? cause.traceparent : undefined
  const traceparent = parent ? belowAs(parent, id) : cause.traceparent
  const subject = String((data as Record<string, unknown>)[contract.subject])
  const envelope: Envelope = {
    specversion: '1.0',
    id,
    source: service,
    type: contract.type,
    subject,
    time: new Date().toISOString(),
    dataschema: contract.dataschema,
    correlationid: cause.correlationId,
    ...(cause.causationId && { causationid: cause.causationId }),
    ...(traceparent && { traceparent }),
    ...(repeats && { repeats }),
    data,
  }
  const { type } = contract
  const event = { id, type, json: JSON.stringify(envelope) }
  if (!parent || !traceparent) return event
  const { correlationId } = cause
  const telling = { id, type, subject, correlationId, context: traceparent, parent, startMs: nowMs(), repeats }
  return { ...event, telling }
}
