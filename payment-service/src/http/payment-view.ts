import type { Static } from 'typebox'
import type { PaymentRecord } from '../db/payment-entity'
import type { AdminPaymentBody, PaymentBody } from './schemas'

export function toView(payment: PaymentRecord): Static<typeof PaymentBody> {
  const { orderId, state, lines, totalMinor, currency, reason, refundBy, createdAt, updatedAt } = payment
  return {
    orderId,
    state,
    lines,
    totalMinor,
    currency,
    reason,
    refundBy,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

export function toAdminView(payment: PaymentRecord): Static<typeof AdminPaymentBody> {
  const { customerId, cancel, chargeId, refundReason, needsAttention, attempts, nextAttemptAt, lastError } = payment
  return {
    ...toView(payment),
    customerId,
    cancel,
    chargeId,
    refundReason,
    needsAttention,
    attempts,
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    lastError,
  }
}
