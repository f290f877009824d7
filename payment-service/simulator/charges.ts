import type { Entry } from './ledger'
import { answerOf, chargesOf, publicView, refundsOf, totalOf } from './outcomes'
import type { ChargeRequest, Provider } from './provider'
import { type Reaction, refusal } from './reaction'
import { behaviourOf } from './tokens'

/** One key, one effect, one answer. */
export async function charge(provider: Provider, request: ChargeRequest): Promise<Reaction> {
  const stored = provider.ledger.find(request.key)
  if (stored) return isSame(stored, request) ? answerOf(stored) : refusal(422, 'idempotency_key_reused')
  if (provider.executing.has(request.key)) return refusal(409, 'in_progress')
  return behaviourOf(request.paymentToken)(provider, request)
}

const isSame = (stored: Entry, { amountMinor, currency, reference }: ChargeRequest) =>
  stored.type !== 'refund' &&
  stored.amountMinor === amountMinor &&
  stored.currency === currency &&
  stored.reference === reference

/** The charges for one order, each with what was given back of it. */
export const chargesFor = ({ ledger }: Provider, reference: string): object[] =>
  chargesOf(ledger, reference).map((charge) => {
    const refunds = refundsOf(ledger, charge)
    const idempotencyKey = charge.key
    return { ...publicView(charge), idempotencyKey, refundedMinor: totalOf(refunds), refunds: refunds.map(publicView) }
  })
