import type { CancelReason } from '@order-saga/common'

/** Why orders are cancelled, to be read after "Cancelled: ". */
export const cancelReasons: Readonly<Record<CancelReason, string>> = {
  out_of_stock: 'there was not enough stock',
  product_unavailable: 'a product is not on sale any more',
  price_changed: 'the price is not the one the customer had seen',
  order_too_large: 'the order is worth more than one order may be',
  payment_declined: 'the payment was declined',
  customer_request: 'the customer asked for it',
  timed_out: 'it was not settled before its deadline',
}

const isKnown = (reason: string): reason is CancelReason => Object.hasOwn(cancelReasons, reason)

/** A reason that this page does not know yet is told as it came. */
export const becauseOf = (reason: string | null): string =>
  reason === null ? 'no reason was given' : isKnown(reason) ? cancelReasons[reason] : reason.replaceAll('_', ' ')
