import type { Id, PaymentFailure, PricedLine } from '@order-saga/common'
import type { Attention, Payment, PaymentState, RefundBy } from '../domain'

export interface PaymentRow {
  readonly order_id: Id
  readonly state: PaymentState
  readonly cancel: boolean
  readonly customer_id: Id | null
  readonly lines: PricedLine[] | null
  /** bigint: a string on the wire; contracts keep it far below 2^53 */
  readonly total_minor: string | null
  readonly currency: string | null
  readonly payment_token: string | null
  readonly deadline_at: Date | null
  readonly reason: PaymentFailure | null
  readonly charge_id: string | null
  readonly refund_by: RefundBy | null
  readonly refund_reason: string | null
  readonly answer_id: Id | null
  readonly refund_answer_id: Id | null
  readonly needs_attention: Attention | null
  readonly charge_key: string
  readonly refund_key: string
  readonly correlation_id: Id
  readonly traceparent: string | null
  readonly cause_id: Id | null
  readonly version: number
}

export const COLUMNS = `order_id, state, cancel, customer_id, lines, total_minor, currency, payment_token, deadline_at,
  reason, charge_id, refund_by, refund_reason, answer_id, refund_answer_id, needs_attention, charge_key, refund_key,
  correlation_id, traceparent, cause_id, version`

export function toPayment(row: PaymentRow): Payment {
  return {
    state: row.state,
    cancel: row.cancel,
    order: orderOf(row),
    paymentToken: row.payment_token,
    deadlineAt: row.deadline_at?.toISOString() ?? null,
    reason: row.reason,
    chargeId: row.charge_id,
    refundBy: row.refund_by,
    refundReason: row.refund_reason,
    answerId: row.answer_id,
    refundAnswerId: row.refund_answer_id,
    attention: row.needs_attention,
  }
}

function orderOf({ order_id, customer_id, lines, total_minor, currency }: PaymentRow): Payment['order'] {
  if (customer_id === null || lines === null || total_minor === null || currency === null) return null
  return { orderId: order_id, customerId: customer_id, lines, totalMinor: Number(total_minor), currency }
}
