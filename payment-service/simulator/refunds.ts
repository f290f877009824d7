import type { Entry } from './ledger'
import { answerOf, chargesOf, giveBack, refundsOf, totalOf } from './outcomes'
import type { Provider, RefundRequest } from './provider'
import { type Reaction, refusal } from './reaction'

/** Gives back at most what was captured, and under one key at most once. */
export function refund(provider: Provider, request: RefundRequest): Reaction {
  const { ledger } = provider
  const { key, amountMinor, reference, chargeId } = request
  const stored = ledger.find(key)
  if (stored) return isSame(stored, request) ? answerOf(stored) : refusal(422, 'idempotency_key_reused')
  const charges = chargesOf(ledger, reference).filter(({ id }) => chargeId === undefined || id === chargeId)
  if (charges.length === 0) return refusal(404, 'charge_not_found')
  const charge = charges.find(
    (candidate) => amountMinor <= candidate.amountMinor - totalOf(refundsOf(ledger, candidate)),
  )
  return charge ? giveBack(provider, charge, { key, amountMinor }) : refusal(409, 'more_than_captured')
}

const isSame = (stored: Entry, { amountMinor, reference }: RefundRequest) =>
  stored.type === 'refund' && stored.amountMinor === amountMinor && stored.reference === reference
