import type { CancelReason, RefundState } from '@order-saga/common'
import type { Order } from './order'

/** A step of an order, as its log keeps it. */
export interface Step {
  readonly version: number
  /** null: the order was placed. */
  readonly from: Order['status'] | null
  readonly to: Order['status']
  /** After the step. */
  readonly refund: RefundState
  readonly reason: CancelReason | null
  readonly at: string
}

export const stepNames = ['placed', 'priced', 'paid', 'cancelled', 'refund_due', 'refunded'] as const

/** What the step was, in a customer's words. */
export function nameOfStep({ from, to, refund }: Step): (typeof stepNames)[number] {
  if (from === null) return 'placed'
  if (to === 'pending') return 'priced'
  if (from === 'pending') return to
  return refund === 'done' ? 'refunded' : 'refund_due'
}
