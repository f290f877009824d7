import type { Journey } from '../api/answers'
import { duration } from './durations'
import { becauseOf } from './reasons'

export interface Verdict {
  readonly tone: 'stuck' | 'pending' | 'paid' | 'cancelled'
  readonly text: string
}

/** The one sentence on top: how it ended and why, or what it is waiting for. */
export function verdictOf(journey: Journey): Verdict {
  const { status, stuck, expectedNext, durationMs } = journey
  const took = durationMs === null ? '' : `, ${duration(durationMs)} after it was placed`
  if (stuck) return { tone: 'stuck', text: stuck }
  if (status === 'paid') return { tone: 'paid', text: `Paid${took}${moneyBack(journey)}.` }
  if (status === 'cancelled')
    return { tone: 'cancelled', text: `Cancelled: ${becauseOf(journey.reason)}${detailOf(journey)}${took}.` }
  return { tone: 'pending', text: expectedNext ? `Waiting: ${expectedNext}.` : 'Waiting.' }
}

const moneyBack = ({ money }: Journey): string =>
  money.some(({ kind }) => kind === 'refunded') ? ', and given back' : ''

/** What the bank said, where it was the bank. */
function detailOf({ reason, steps }: Journey): string {
  const declined = reason === 'payment_declined' ? steps.find(({ type }) => type === 'payment.failed') : undefined
  // 'declined' is all that some banks say
  return declined?.reason && declined.reason !== 'declined' ? ` (${declined.reason.replaceAll('_', ' ')})` : ''
}
