import { changed, type Decision, ignored, type NewId } from '@order-saga/common'
import type { Payment } from './payment'

export interface RefundRequest {
  readonly reason: string
}

/** An administrator gives the money of a paid order back; its stock stays sold. */
export function refundByHand(payment: Payment, { reason }: RefundRequest, _newId: NewId): Decision<Payment> {
  switch (payment.state) {
    case 'settled':
      return changed({ ...payment, state: 'refunding', refundBy: 'administrator', refundReason: reason })
    case 'charging':
    case 'captured':
      return ignored('not_settled_yet')
    case 'failed':
    case 'voided':
      return ignored('nothing_captured')
    case 'refunding':
    case 'refunded':
      return ignored('refund_known')
    case 'absent':
      return ignored('no_payment')
  }
}
