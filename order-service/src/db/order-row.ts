import type { CancelReason, Cause, Details, Id, KnownLine, RefundState } from '@order-saga/common'
import type { Order } from '../domain/order'

/** An order with what only the database and its readers need. */
export interface OrderRecord extends Order {
  readonly correlationId: Id
  readonly traceparent: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface OrderRow {
  readonly id: Id
  readonly customer_id: Id
  readonly status: Order['status']
  readonly lines: KnownLine[]
  /** bigint arrives as text */
  readonly total_minor: string | null
  readonly currency: string
  readonly expected_total_minor: string | null
  readonly payment_token: string
  readonly from_cart: boolean
  readonly deadline_at: Date
  readonly reason: CancelReason | null
  readonly details: Details
  readonly refund: RefundState
  readonly created_event_id: Id
  readonly verdict_event_id: Id | null
  readonly version: number
  readonly correlation_id: Id
  readonly traceparent: string | null
  readonly created_at: Date
  readonly updated_at: Date
}

export const COLUMNS = `id, customer_id, status, lines, total_minor, currency, expected_total_minor, payment_token, from_cart,
  deadline_at, reason, details, refund, created_event_id, verdict_event_id, version, correlation_id, traceparent, created_at, updated_at`

const minorOf = (text: string | null): number | null => (text === null ? null : Number(text))

export const toOrder = (row: OrderRow): OrderRecord => ({
  id: row.id,
  customerId: row.customer_id,
  status: row.status,
  lines: row.lines,
  totalMinor: minorOf(row.total_minor),
  currency: row.currency,
  expectedTotalMinor: minorOf(row.expected_total_minor),
  paymentToken: row.payment_token,
  fromCart: row.from_cart,
  deadlineAt: row.deadline_at.toISOString(),
  reason: row.reason,
  details: row.details,
  refund: row.refund,
  createdEventId: row.created_event_id,
  verdictEventId: row.verdict_event_id,
  version: row.version,
  correlationId: row.correlation_id,
  traceparent: row.traceparent,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

/** What a timer or a request tells about an order is traced back to the event that told last. */
export const causeOfOrder = (order: OrderRecord): Cause => ({
  correlationId: order.correlationId,
  causationId: order.verdictEventId ?? order.createdEventId,
  traceparent: order.traceparent ?? undefined,
})
