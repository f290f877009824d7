import {
  alarm,
  changed,
  type DataOf,
  type Decision,
  ignored,
  type inventoryReserved,
  type NewId,
  type orderCancelled,
  type orderPaid,
  paymentFailed,
  paymentRefunded,
  paymentSucceeded,
  repeated,
  tellAgain,
} from '@order-saga/common'
import type { Payment } from './payment'

/** The order is reserved: charge it, or repeat what became of the charge. */
export function chargeReserved(
  payment: Payment,
  reserved: DataOf<typeof inventoryReserved>,
  newId: NewId,
): Decision<Payment> {
  switch (payment.state) {
    case 'absent': {
      const { orderId, customerId, lines, totalMinor, currency, paymentToken, deadlineAt } = reserved
      const order = { orderId, customerId, lines, totalMinor, currency }
      return changed({ ...payment, state: 'charging', order, paymentToken, deadlineAt })
    }
    case 'captured':
    case 'failed':
      return repeatAnswer(payment, newId)
    default:
      return ignored(`already_${payment.state}`)
  }
}

/** The order ended without a sale: do not charge, or give back. */
export function refuseOrRefund(
  payment: Payment,
  _cancelled: DataOf<typeof orderCancelled>,
  newId: NewId,
): Decision<Payment> {
  switch (payment.state) {
    case 'absent':
      // a tombstone for the reservation that has been overtaken: the provider is never called
      return changed({ ...payment, state: 'voided' })
    case 'charging':
      // money may be moving right now: first learn what became of it
      return payment.cancel ? ignored('already_cancelled') : changed({ ...payment, cancel: true })
    case 'captured':
      return changed({ ...payment, state: 'refunding', refundBy: 'cancellation' })
    case 'settled':
      return alarm('cancelled_after_paid')
    case 'refunded':
      return repeatRefund(payment, newId)
    default:
      return ignored(`already_${payment.state}`)
  }
}

/** The order is paid: the money is ours for good. */
export function settlePayment(payment: Payment, _paid: DataOf<typeof orderPaid>, _newId: NewId): Decision<Payment> {
  switch (payment.state) {
    case 'captured':
      return changed({ ...payment, state: 'settled' })
    case 'settled':
      return ignored('already_settled')
    case 'refunding':
    case 'refunded':
      // an administrator refunds what was settled: a verdict told again may find the money on its way back
      return payment.refundBy === 'administrator' ? ignored('refunded_since') : alarm(`paid_while_${payment.state}`)
    default:
      return alarm(`paid_while_${payment.state}`)
  }
}

function repeatAnswer({ state, order, reason, answerId }: Payment, newId: NewId): Decision<Payment> {
  if (!order || !answerId) return alarm('answer_not_stored')
  if (state === 'captured') return repeated(tellAgain(paymentSucceeded, order, answerId, newId))
  if (!reason) return alarm('answer_not_stored')
  return repeated(tellAgain(paymentFailed, { ...order, reason }, answerId, newId))
}

function repeatRefund({ order, refundAnswerId }: Payment, newId: NewId): Decision<Payment> {
  if (!order || !refundAnswerId) return alarm('answer_not_stored')
  return repeated(tellAgain(paymentRefunded, order, refundAnswerId, newId))
}
