import type { DataOf, Id, PaymentFailure, paymentSucceeded } from '@order-saga/common'

export const paymentStates = [
  'absent',
  'charging',
  'captured',
  'settled',
  'failed',
  'voided',
  'refunding',
  'refunded',
] as const
export type PaymentState = (typeof paymentStates)[number]

/** What every answer tells about the order, exactly as it was reserved. */
export type OrderFacts = DataOf<typeof paymentSucceeded>

export type RefundBy = 'cancellation' | 'administrator'

/** What a person has to look at: money that came after we said it would not, or a call nobody knows about any more. */
export type Attention = 'captured_after_verdict' | 'outcome_unknown'

/** The money of one order: whether it was captured, and whether it was given back. */
export interface Payment {
  readonly state: PaymentState
  /** The order was cancelled while its charge was under way: what comes back is given back. */
  readonly cancel: boolean
  /** null: never asked to charge, as for an order cancelled before its reservation was heard of. */
  readonly order: OrderFacts | null
  /** Kept only as long as it may be charged. */
  readonly paymentToken: string | null
  readonly deadlineAt: string | null
  readonly reason: PaymentFailure | null
  readonly chargeId: string | null
  readonly refundBy: RefundBy | null
  readonly refundReason: string | null
  /** Id of the first payment.succeeded or payment.failed. */
  readonly answerId: Id | null
  /** Id of the first payment.refunded. */
  readonly refundAnswerId: Id | null
  readonly attention: Attention | null
}

export const absentPayment: Payment = {
  state: 'absent',
  cancel: false,
  order: null,
  paymentToken: null,
  deadlineAt: null,
  reason: null,
  chargeId: null,
  refundBy: null,
  refundReason: null,
  answerId: null,
  refundAnswerId: null,
  attention: null,
}

export type CallKind = 'charge' | 'refund'

/** What the provider has to be asked in this state, again and again under one key, until it is known. */
export function callOf({ state }: Pick<Payment, 'state'>): CallKind | undefined {
  if (state === 'charging') return 'charge'
  return state === 'refunding' ? 'refund' : undefined
}
