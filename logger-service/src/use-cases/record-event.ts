import { type Contract, changed, type Decision, type Envelope, type Id, maskOf } from '@order-saga/common'
import type { Entry } from '../db/journal'

export function recordEvent(contract: Contract) {
  const mask = maskOf(contract.payload)
  return function recordEvent(entries: Entry[], event: Envelope): Decision {
    const { orderId } = event.data as { orderId?: Id }
    entries.push({
      id: event.id,
      type: event.type,
      source: event.source,
      subject: event.subject,
      orderId,
      occurredAt: new Date(event.time).toISOString(),
      correlationId: event.correlationid,
      causationId: event.causationid,
      repeats: event.repeats,
      traceparent: event.traceparent,
      data: mask(event.data),
    })
    return changed(entries)
  }
}
