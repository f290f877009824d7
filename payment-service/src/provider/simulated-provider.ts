import type { Id, Traceparent } from '@order-saga/common'
import { type Answer, type JsonClient, jsonClient } from './json-client'
import type { ChargeAnswer, ChargeRequest, Finding, Provider, RefundAnswer, RefundRequest, Unknown } from './provider'
import { charged, chargesFound, declined, reasonOf, refunded } from './provider-schemas'

export interface SimulatedProviderOptions {
  readonly providerUrl: string
  readonly providerTimeoutMs: number
}

/** The adapter to the payment provider's HTTP interface. */
export class SimulatedProvider implements Provider {
  readonly #ask: JsonClient

  constructor({ providerUrl, providerTimeoutMs }: SimulatedProviderOptions) {
    this.#ask = jsonClient(providerUrl, providerTimeoutMs)
  }

  async charge({ key, orderId, traceparent, ...rest }: ChargeRequest): Promise<ChargeAnswer> {
    const answer = await this.#ask('POST', '/v1/charges', {
      key,
      body: { ...rest, reference: orderId },
      traceparent,
    })
    const { status, body } = answer
    if (status === 402 && declined.Check(body)) return { kind: 'declined', reason: reasonOf(body.reason) }
    if (status !== 200 || !charged.Check(body)) return unknown(answer)
    if (body.amountMinor !== rest.amountMinor || body.reference !== orderId) return { kind: 'unknown', why: 'mismatch' }
    return { kind: 'succeeded', chargeId: body.id }
  }

  async refund({ key, orderId, traceparent, ...rest }: RefundRequest): Promise<RefundAnswer> {
    const answer = await this.#ask('POST', '/v1/refunds', {
      key,
      body: { ...rest, reference: orderId },
      traceparent,
    })
    const { status, body } = answer
    if (status !== 200 || !refunded.Check(body)) return unknown(answer)
    if (body.amountMinor !== rest.amountMinor || body.reference !== orderId) return { kind: 'unknown', why: 'mismatch' }
    return { kind: 'refunded' }
  }

  async find(orderId: Id, traceparent?: Traceparent): Promise<Finding> {
    const answer = await this.#ask('GET', `/v1/charges?reference=${encodeURIComponent(orderId)}`, { traceparent })
    const { status, body } = answer
    if (status !== 200 || !chargesFound.Check(body)) return unknown(answer)
    const [charge, ...others] = body.charges
    if (!charge) return { kind: 'nothing' }
    // more than one charge for one order is for a person to look at, never for us to pick from
    if (others.length > 0 || charge.reference !== orderId) return { kind: 'unknown', why: 'mismatch' }
    return {
      kind: 'found',
      chargeId: charge.id,
      amountMinor: charge.amountMinor,
      refundedMinor: charge.refundedMinor,
    }
  }
}

const unknown = ({ status, failure }: Answer): Unknown => ({
  kind: 'unknown',
  why: failure ?? (status === 200 || status === 402 ? 'garbage' : `http_${status}`),
})
