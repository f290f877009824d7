import { type Decision, ignored, type NewId, paymentOverdue, repeated, tell } from '@order-saga/common'
import type { Payment } from './payment'

/** Long after the deadline we still hold money: what became of this order? */
export function askForVerdict({ state, order }: Payment, _overdue: unknown, newId: NewId): Decision<Payment> {
  if (state !== 'captured' || !order) return ignored(`already_${state}`)
  return repeated(tell(paymentOverdue, { orderId: order.orderId }, newId()))
}
