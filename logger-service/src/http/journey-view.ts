import type { JourneyRow } from '../db/journeys'
import { expectationAt, sentenceOf } from '../domain/expectation'
import { isOpen } from '../domain/projection'
import { LATE_AFTER_MS, STUCK_AFTER_MS } from '../domain/stuck'

/** One order of a list, as it stands now. */
export function journeyView(row: JourneyRow, now: Date) {
  const { orderId, customerId, status, reason, placedAt, endedAt, totalMinor, currency, heard } = row
  const lateMs = status === 'pending' && row.deadlineAt ? now.getTime() - row.deadlineAt.getTime() : 0
  const expectation = expectationAt({ status, heard, isLate: lateMs > 0 })
  const idleMs = now.getTime() - (row.movedAt ?? placedAt ?? now).getTime()
  return {
    orderId,
    customerId,
    status,
    reason,
    placedAt,
    endedAt,
    ageMs: placedAt && Math.max(0, (endedAt ?? now).getTime() - placedAt.getTime()),
    totalMinor,
    currency,
    isStuck: isOpen(row) && (idleMs > STUCK_AFTER_MS || lateMs > LATE_AFTER_MS),
    waitsFor: expectation && sentenceOf(expectation),
  }
}
