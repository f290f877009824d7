import type { ProviderAnswer } from '../domain'
import type { Call } from './call'
import type { Finding, Provider } from './provider'

/** Makes one call. What may have been called before is looked up first: the money may have moved already. */
export async function askProvider(provider: Provider, call: Call): Promise<ProviderAnswer> {
  if (call.isRepeated) {
    const known = answerIn(await provider.find(call.order.orderId, call.traceparent), call)
    if (known) return known
    if (call.isOld) return { kind: 'forgotten' }
  }
  return call.kind === 'charge' ? charge(provider, call) : refund(provider, call)
}

/** undefined: the provider has nothing on record that answers the call. */
function answerIn(finding: Finding, { kind, order }: Call): ProviderAnswer | undefined {
  if (finding.kind === 'unknown') return finding
  if (finding.kind === 'nothing') return undefined
  if (finding.amountMinor !== order.totalMinor) return { kind: 'unknown', why: 'mismatch' }
  if (kind === 'charge') return { kind: 'succeeded', chargeId: finding.chargeId }
  return finding.refundedMinor >= order.totalMinor ? { kind: 'refunded' } : undefined
}

async function charge(provider: Provider, { key, order, paymentToken, traceparent }: Call): Promise<ProviderAnswer> {
  if (paymentToken === null) return { kind: 'unknown', why: 'no_token' }
  const { orderId, totalMinor: amountMinor, currency } = order
  return provider.charge({ key, orderId, amountMinor, currency, paymentToken, traceparent })
}

async function refund(provider: Provider, { key, order, chargeId, traceparent }: Call): Promise<ProviderAnswer> {
  if (chargeId === null) return { kind: 'unknown', why: 'no_charge' }
  const { orderId, totalMinor: amountMinor } = order
  return provider.refund({ key, orderId, amountMinor, chargeId, traceparent })
}
