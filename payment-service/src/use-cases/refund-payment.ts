import { type Id, newId, notFound, Problem, type Tx } from '@order-saga/common'
import type { PaymentRepository } from '../db/payment-repository'
import { type RefundBy, type RefundRequest, refundByHand } from '../domain'

export interface Refund {
  readonly orderId: Id
  readonly totalMinor: number
  readonly currency: string
  readonly refundBy: RefundBy
  readonly reason: string | null
}

export interface RefundOrder extends RefundRequest {
  readonly orderId: Id
  readonly administratorId: Id
}

/** Answers whether it began now; asked again it answers the same refund. The provider is called after the commit. */
export async function refundPayment(
  tx: Tx,
  payments: PaymentRepository,
  { orderId, administratorId, reason }: RefundOrder,
): Promise<{ refund: Refund; isNew: boolean }> {
  const book = await payments.lock(tx, [orderId])
  const before = book.find(orderId)
  if (!before) throw notFound('payment')
  const outcome = book.decide(orderId, book.causeOf(orderId), () => refundByHand(before, { reason }, newId))
  if (outcome.kind === 'ignored') refuse(outcome.reason)
  tx.concerns('refundPayment')
  await payments.close(tx, book, `administrator ${administratorId}`)
  const { order, refundBy, refundReason } = book.find(orderId) ?? before
  if (!order || !refundBy) throw notFound('payment')
  const { totalMinor, currency } = order
  return {
    refund: { orderId, totalMinor, currency, refundBy, reason: refundReason },
    isNew: outcome.kind === 'changed',
  }
}

function refuse(reason: string): void {
  if (reason === 'no_payment') throw notFound('payment')
  if (reason === 'not_settled_yet')
    throw new Problem(409, 'not-settled-yet', 'The order is not paid yet: cancel it instead.')
  if (reason === 'nothing_captured') throw new Problem(409, 'nothing-captured', 'No money was taken for this order.')
}
