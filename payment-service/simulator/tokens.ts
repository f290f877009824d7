import { setTimeout as pause } from 'node:timers/promises'
import { capture, decline } from './outcomes'
import type { ChargeRequest, Provider } from './provider'
import { type Reaction, refusal } from './reaction'

type Behaviour = (provider: Provider, request: ChargeRequest) => Reaction | Promise<Reaction>

/** What a card does is written on it, in the manner of other providers' test cards. */
const behaviours: Record<string, Behaviour> = {
  tok_visa: capture,
  tok_chargeDeclined: (provider, request) => decline(provider, request, 'declined'),
  tok_chargeDeclinedInsufficientFunds: (provider, request) => decline(provider, request, 'insufficient_funds'),
  tok_chargeDeclinedExpiredCard: (provider, request) => decline(provider, request, 'card_expired'),
  tok_timeoutAfterCharge: (provider, request) => {
    capture(provider, request)
    return 'silence'
  },
  tok_executesLate: executeLate,
  tok_providerDown: () => refusal(503, 'unavailable'),
  tok_providerDownOnce: twiceDown,
  tok_slow: async (provider, request) => {
    const answer = capture(provider, request)
    await pause(1_000)
    return answer
  },
}

const invalid: Behaviour = (provider, request) => decline(provider, request, 'invalid_payment_method')

export const behaviourOf = (token: string): Behaviour =>
  Object.hasOwn(behaviours, token) ? (behaviours[token] ?? invalid) : invalid

function executeLate(provider: Provider, request: ChargeRequest): Reaction {
  const execute = () => {
    provider.executing.delete(request.key)
    capture(provider, request)
  }
  provider.executing.set(request.key, setTimeout(execute, provider.lateMs))
  return 'silence'
}

function twiceDown(provider: Provider, request: ChargeRequest): Reaction {
  const outages = provider.outages.get(request.key) ?? 0
  provider.outages.set(request.key, outages + 1)
  if (outages < 2) return refusal(503, 'unavailable')
  provider.outages.delete(request.key)
  return capture(provider, request)
}
