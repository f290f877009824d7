import type { Id } from '@order-saga/common'
import Stripe from 'stripe'
import type { ChargeAnswer, ChargeRequest, Finding, Provider, RefundAnswer, RefundRequest } from '../provider'
import { refusalOf, whyUnknown } from './errors'

export interface StripeProviderOptions {
  readonly stripeKey: string
  readonly stripeUrl: string
  readonly providerTimeoutMs: number
}

// a charge with its refunds: nothing else says how much of it went back for good
const WITH_REFUNDS = ['data.latest_charge.refunds']

const WITHOUT_MONEY = /^(requires_action|requires_payment_method|canceled)$/

/**
 * Stripe's PaymentIntents. What is due is kept in our rows and asked again under the same key, so the library does not
 * repeat anything by itself.
 */
export class StripeProvider implements Provider {
  readonly #stripe: Stripe
  readonly #timeoutMs: number

  constructor({ stripeKey, stripeUrl, providerTimeoutMs }: StripeProviderOptions) {
    const { protocol, hostname, port } = new URL(stripeUrl)
    this.#timeoutMs = providerTimeoutMs
    this.#stripe = new Stripe(stripeKey, {
      protocol: protocol === 'http:' ? 'http' : 'https',
      host: hostname,
      ...(port !== '' && { port }),
      timeout: providerTimeoutMs,
      maxNetworkRetries: 0,
      telemetry: false,
    })
  }

  async charge({ key, orderId, amountMinor, currency, paymentToken }: ChargeRequest): Promise<ChargeAnswer> {
    const order: Stripe.PaymentIntentCreateParams = {
      amount: amountMinor,
      currency: currency.toLowerCase(),
      payment_method: paymentToken,
      allowed_payment_method_types: ['card'],
      confirm: true,
      // the customer is not here to be asked: what the bank wants confirmed is declined
      off_session: true,
      metadata: { order_id: orderId },
    }
    try {
      const intent = await this.#inTime(this.#stripe.paymentIntents.create(order, { idempotencyKey: key }))
      // nobody but us could go on with such a one, and we never do
      if (WITHOUT_MONEY.test(intent.status)) return { kind: 'declined', reason: 'declined' }
      if (intent.status !== 'succeeded') return { kind: 'unknown', why: intent.status }
      if (intent.amount_received !== amountMinor || intent.metadata?.order_id !== orderId)
        return { kind: 'unknown', why: 'mismatch' }
      return { kind: 'succeeded', chargeId: intent.id }
    } catch (error) {
      const reason = refusalOf(error)
      return reason ? { kind: 'declined', reason } : { kind: 'unknown', why: whyUnknown(error) }
    }
  }

  async refund({ key, orderId, amountMinor, chargeId }: RefundRequest): Promise<RefundAnswer> {
    const order = { payment_intent: chargeId, amount: amountMinor, metadata: { order_id: orderId } }
    try {
      const refund = await this.#inTime(this.#stripe.refunds.create(order, { idempotencyKey: key }))
      if (refund.status !== 'succeeded') return { kind: 'unknown', why: `refund_${refund.status}` }
      return refund.amount === amountMinor ? { kind: 'refunded' } : { kind: 'unknown', why: 'mismatch' }
    } catch (error) {
      return { kind: 'unknown', why: whyUnknown(error) }
    }
  }

  /** Stripe's search is up to a minute behind. That is safe: what it does not show yet is asked for under a key it knows. */
  async find(orderId: Id): Promise<Finding> {
    try {
      const query = { query: `metadata["order_id"]:"${orderId}"`, expand: WITH_REFUNDS }
      const { data } = await this.#inTime(this.#stripe.paymentIntents.search(query))
      return findingIn(data)
    } catch (error) {
      return { kind: 'unknown', why: whyUnknown(error) }
    }
  }

  /** The library's own limit is one of silence: a server that answers byte by byte would hold us up for ever. */
  async #inTime<T>(answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new DOMException('no answer in time', 'TimeoutError')), this.#timeoutMs)
    })
    return Promise.race([answer, late]).finally(() => clearTimeout(timer))
  }
}

function findingIn(intents: readonly Stripe.PaymentIntent[]): Finding {
  if (intents.some(({ status }) => status === 'processing')) return { kind: 'unknown', why: 'processing' }
  const [paid, ...others] = intents.filter(({ status }) => status === 'succeeded')
  if (!paid) return { kind: 'nothing' }
  // more than one charge for one order is for a person to look at, never for us to pick from
  if (others.length > 0) return { kind: 'unknown', why: 'mismatch' }
  return { kind: 'found', chargeId: paid.id, amountMinor: paid.amount_received, refundedMinor: refundedOf(paid) }
}

function refundedOf({ latest_charge: charge }: Stripe.PaymentIntent): number {
  const refunds = typeof charge === 'object' ? (charge?.refunds?.data ?? []) : []
  return refunds.filter(({ status }) => status === 'succeeded').reduce((sum, { amount }) => sum + amount, 0)
}
