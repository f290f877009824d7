import Type, { type Static } from 'typebox'
import { Id, Minor, OneOf } from '../schemas'

/** Closed lists: a reader may switch over them. */

export const ReservationFailure = OneOf('out_of_stock', 'product_unavailable', 'price_changed', 'order_too_large')
export type ReservationFailure = Static<typeof ReservationFailure>

/** Never a timeout and never an unreachable provider: unknown is not failed. */
export const PaymentFailure = OneOf('declined', 'insufficient_funds', 'card_expired', 'invalid_payment_method')
export type PaymentFailure = Static<typeof PaymentFailure>

export const CancelReason = OneOf(
  'out_of_stock',
  'product_unavailable',
  'price_changed',
  'order_too_large',
  'payment_declined',
  'customer_request',
  'timed_out',
)
export type CancelReason = Static<typeof CancelReason>

/** What a person wants to know beside the reason: which products, which price, what the bank said. */
export const Details = Type.Object({
  productIds: Type.Optional(Type.Array(Id, { maxItems: 50 })),
  actualTotalMinor: Type.Optional(Minor),
  paymentReason: Type.Optional(PaymentFailure),
})
export type Details = Static<typeof Details>

/** Money owed back on a cancelled order only ever moves forward. */
export const RefundState = OneOf('none', 'due', 'done')
export type RefundState = Static<typeof RefundState>
