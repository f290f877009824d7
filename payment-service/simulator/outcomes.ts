import { randomUUID } from 'node:crypto'
import type { Charge, Decline, Entry, Ledger, Refund } from './ledger'
import type { ChargeRequest, Provider } from './provider'
import { type Answer, answer } from './reaction'

const now = () => new Date().toISOString()

export function capture({ ledger }: Provider, { paymentToken: _, ...fact }: ChargeRequest): Answer {
  return answerOf(ledger.record({ type: 'charge', id: `ch_${randomUUID()}`, ...fact, createdAt: now() }))
}

export function decline({ ledger }: Provider, request: ChargeRequest, reason: Decline['reason']): Answer {
  const { paymentToken: _, ...fact } = request
  return answerOf(ledger.record({ type: 'decline', ...fact, reason, createdAt: now() }))
}

export function giveBack({ ledger }: Provider, charge: Charge, part: { key: string; amountMinor: number }): Answer {
  const { id: chargeId, currency, reference } = charge
  const refund = { id: `re_${randomUUID()}`, chargeId, currency, reference, ...part, createdAt: now() }
  return answerOf(ledger.record({ type: 'refund', ...refund }))
}

export function answerOf(entry: Entry): Answer {
  if (entry.type === 'decline') return answer(402, { status: 'declined', reason: entry.reason })
  return answer(200, publicView(entry))
}

export function publicView({ type: _, key: __, ...fact }: Charge | Refund): object {
  return { ...fact, status: 'succeeded' }
}

export const chargesOf = (ledger: Ledger, reference: string): Charge[] =>
  ledger.entries(reference).filter((entry) => entry.type === 'charge')

export const refundsOf = (ledger: Ledger, { id, reference }: Charge): Refund[] =>
  ledger
    .entries(reference)
    .filter((entry) => entry.type === 'refund')
    .filter(({ chargeId }) => chargeId === id)

export const totalOf = (entries: Entry[]): number => entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
