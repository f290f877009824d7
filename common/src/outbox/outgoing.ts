import type { Cause, Envelope } from '../contracts/envelope'
import type { ServiceName } from '../contracts/services'
import { PermanentError } from '../db/errors'
import type { Emission } from '../saga/decision'
import type { Id } from '../schemas'

/** An event on its way out: the JSON is written once, for the outbox row and for the wire. */
export interface OutgoingEvent {
  readonly id: Id
  readonly type: string
  readonly json: string
}

/**
 * Throws `PermanentError('invalid_event')` when the payload breaks its own contract: a bad event fails our
 * transaction, not a stranger's consumer.
 */
export function outgoing(service: ServiceName, { id, contract, data, repeats }: Emission, cause: Cause): OutgoingEvent {
  if (contract.publisher !== service)
    throw new PermanentError('invalid_event', `${contract.type} belongs to ${contract.publisher}, not to ${service}`)
  if (!contract.validator.Check(data)) {
    const [first] = contract.validator.Errors(data)
    throw new PermanentError('invalid_event', `${contract.type}${first?.instancePath ?? ''} ${first?.message ?? ''}`)
  }
  const envelope: Envelope = {
    specversion: '1.0',
    id,
    source: service,
    type: contract.type,
    subject: String((data as Record<string, unknown>)[contract.subject]),
    time: new Date().toISOString(),
    dataschema: contract.dataschema,
    correlationid: cause.correlationId,
    ...(cause.causationId && { causationid: cause.causationId }),
    ...(cause.traceparent && { traceparent: cause.traceparent }),
    ...(repeats && { repeats }),
    data,
  }
  return { id, type: contract.type, json: JSON.stringify(envelope) }
}
