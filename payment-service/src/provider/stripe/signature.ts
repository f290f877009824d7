import Stripe from 'stripe'

export type IsSigned = (body: Buffer, header: string, secret: string) => boolean

/** Whether Stripe sent it, not long ago. */
export const isSignedByStripe: IsSigned = (body, header, secret) => {
  try {
    return Stripe.webhooks.signature?.verifyHeader(body, header, secret, Stripe.webhooks.DEFAULT_TOLERANCE) ?? false
  } catch {
    return false
  }
}
