import type { PaymentFailure } from '@order-saga/common'
import Stripe from 'stripe'

const { StripeError, StripeCardError, StripeInvalidRequestError, StripeConnectionError } = Stripe.errors

const INVALID_CARD = /^(incorrect|invalid)_(number|cvc|expiry_month|expiry_year|zip)$/

/** undefined: it is no refusal, so money may have moved. */
export function refusalOf(error: unknown): PaymentFailure | undefined {
  if (error instanceof StripeCardError) return reasonOf(error)
  // such a payment method does not exist, or is used up: nothing was tried
  const isNoMethod = error instanceof StripeInvalidRequestError && error.param === 'payment_method'
  return isNoMethod ? 'invalid_payment_method' : undefined
}

function reasonOf({ code = '', decline_code }: InstanceType<typeof StripeCardError>): PaymentFailure {
  const codes = [code, decline_code]
  if (codes.includes('expired_card')) return 'card_expired'
  if (codes.includes('insufficient_funds')) return 'insufficient_funds'
  return INVALID_CARD.test(code) ? 'invalid_payment_method' : 'declined'
}

/** Never what was sent: a message of the library may quote it. */
export function whyUnknown(error: unknown): string {
  if (error instanceof DOMException || isTimeout(error)) return 'timeout'
  if (!(error instanceof StripeError)) return 'garbage'
  // without a status: nothing came, or the page of some proxy
  return error.statusCode === undefined ? 'network' : `http_${error.statusCode}`
}

function isTimeout(error: unknown): boolean {
  const detail = error instanceof StripeConnectionError ? error.detail : undefined
  return detail instanceof Error && 'code' in detail && detail.code === 'ETIMEDOUT'
}
