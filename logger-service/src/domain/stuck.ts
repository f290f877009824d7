import type { Expectation } from './expectation'
import type { Attempt } from './troubles'

/** Whether a service is reading its events; undefined: the broker does not say. */
export type Consuming = { readonly isConsuming: boolean; readonly waiting: number } | undefined

export interface Standing {
  /** What is expected next; null: nothing. */
  readonly expectation: Expectation | null
  /** Since when, at the latest. */
  readonly sinceMs: number
  /** Time past the deadline of an order that has not ended. */
  readonly lateMs: number
  /** What the service that is waited for could not handle yet. */
  readonly trouble: Attempt | undefined
  readonly consuming: Consuming
  /** What that service last warned of, about this order. */
  readonly warning: string | undefined
}

// a provider may take as long; whoever waits for less is not stuck
export const STUCK_AFTER_MS = 10_000
// a restart takes as long, and so does an order's way through all services when much is going on
const UNREAD_AFTER_MS = 2_000
// one sweep and some
export const LATE_AFTER_MS = 2_000

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth']
const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

/** Why an order does not go on, in one sentence; null while all is as it should be. */
export function whyStuck(standing: Standing): string | null {
  const { expectation, trouble, lateMs, sinceMs, consuming } = standing
  if (!expectation) return null
  if (trouble) return troubleOf(trouble)
  const { service, reactsTo } = expectation
  if (reactsTo === null) {
    if (lateMs < LATE_AFTER_MS) return null
    return `${service} has not yet cancelled it although its deadline passed ${seconds(lateMs)} ago${consumption(standing)}`
  }
  const patienceMs = consuming?.isConsuming === false ? UNREAD_AFTER_MS : STUCK_AFTER_MS
  if (sinceMs < patienceMs) return null
  return `${service} has not reacted to ${reactsTo} for ${seconds(sinceMs)}${consumption(standing)}`
}

function troubleOf({ service, outcome, attempt, nextAttemptAt, reason }: Attempt): string {
  if (outcome === 'dead') return `dead in ${service}: ${reason ?? 'unknown'}; waits for a person`
  if (outcome === 'redriven') return `redriven in ${service}, tried again at once`
  const next = ORDINALS[attempt ?? 0] ?? 'next'
  const at = nextAttemptAt ? ` at ${nextAttemptAt.slice(11, 19)}` : ''
  return `parked in ${service}, ${next} attempt${at}`
}

function consumption({ expectation, consuming, warning, lateMs }: Standing): string {
  if (!consuming) return '; the broker does not say whether it is consuming'
  if (!consuming.isConsuming) return '; it is not consuming'
  if (warning) return `; it says: ${warning}`
  if (expectation?.reactsTo === null && lateMs > 0) return ''
  return consuming.waiting > 0
    ? `; it is consuming, with ${consuming.waiting} messages before it`
    : '; it is consuming, and has nothing left to read'
}
