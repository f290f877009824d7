import type { Id, PaymentFailure, Traceparent } from '@order-saga/common'

/** What the provider may go on with, if it likes. */
interface Traced {
  readonly traceparent?: Traceparent | undefined
}

export interface ChargeRequest extends Traced {
  readonly key: string
  readonly orderId: Id
  readonly amountMinor: number
  readonly currency: string
  readonly paymentToken: string
}

export interface RefundRequest extends Traced {
  readonly key: string
  readonly orderId: Id
  readonly amountMinor: number
  readonly chargeId: string
}

/** Nothing is known: not that it happened, and not that it did not. */
export interface Unknown {
  readonly kind: 'unknown'
  readonly why: string
}

export type ChargeAnswer =
  | { readonly kind: 'succeeded'; readonly chargeId: string }
  | { readonly kind: 'declined'; readonly reason: PaymentFailure }
  | Unknown

export type RefundAnswer = { readonly kind: 'refunded' } | Unknown

export type Finding =
  | { readonly kind: 'found'; readonly chargeId: string; readonly amountMinor: number; readonly refundedMinor: number }
  | { readonly kind: 'nothing' }
  | Unknown

/**
 * Whoever moves the money. Under one key the provider acts at most once and always answers the same. No method
 * throws: whatever goes wrong on the way leaves the outcome unknown, which is not failed.
 */
export interface Provider {
  charge(request: ChargeRequest): Promise<ChargeAnswer>
  refund(request: RefundRequest): Promise<RefundAnswer>
  /** What the provider has on record for an order, however old the key. */
  find(orderId: Id, traceparent?: Traceparent): Promise<Finding>
}
