import type { Id } from '@order-saga/common'
import type { Recorded } from './journey'

/** A log line about an order, as far as its journey is told from it. */
export interface Heard {
  readonly at: Date
  readonly service: string
  readonly level: string
  readonly kind: string | null
  readonly message: string
  readonly eventId: Id | null
  readonly fields: Readonly<Record<string, unknown>>
}

export const OUTCOMES = ['parked', 'recovered', 'dead', 'redriven', 'discarded'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** What became of one attempt at an event, or of the letter it ended as. */
export interface Attempt {
  readonly at: Date
  readonly service: string
  readonly event: Id
  readonly type: string | null
  readonly outcome: Outcome
  /** Which attempt it was. */
  readonly attempt: number | null
  readonly nextAttemptAt: string | null
  readonly reason: string | null
  readonly error: string | null
}

export interface Mail {
  readonly at: Date
  readonly kind: string
  readonly channel: string
  readonly state: string
}

export interface Duplicates {
  readonly service: string
  readonly type: string
  readonly count: number
}

const isOutcome = (kind: string | null): kind is Outcome => OUTCOMES.some((outcome) => outcome === kind)
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
// the journal hears everything, and whatever is sent again is its duplicate: of the saga that says nothing
const isOfTheSaga = ({ service }: Heard) => service !== 'logger-service'

export function attemptsIn(lines: readonly Heard[]): Attempt[] {
  return lines.filter(isOfTheSaga).flatMap(({ at, service, kind, eventId, fields }) => {
    if (!isOutcome(kind) || !eventId) return []
    const { type, attempt, nextAttemptAt, reason, error } = fields
    const which = typeof attempt === 'number' ? attempt : null
    const words = { reason: text(reason), error: text(error), nextAttemptAt: text(nextAttemptAt) }
    return [{ at, service, event: eventId, type: text(type), outcome: kind, attempt: which, ...words }]
  })
}

/**
 * The attempts after which an event still waits: parked, or dead. Lines are told at best effort, so a service that has
 * published something because of the event since has handled it, whatever its lines say.
 */
export function unsettled(attempts: readonly Attempt[], events: readonly Recorded[]): Attempt[] {
  const last = new Map<string, Attempt>()
  for (const attempt of attempts) last.set(`${attempt.service} ${attempt.event}`, attempt)
  const isAnswered = ({ service, event, at }: Attempt) =>
    events.some(
      ({ source, causationId, occurredAt }) => source === service && causationId === event && occurredAt >= at,
    )
  return [...last.values()].filter(
    (attempt) => attempt.outcome !== 'recovered' && attempt.outcome !== 'discarded' && !isAnswered(attempt),
  )
}

export function mailsIn(lines: readonly Heard[]): Mail[] {
  return lines.flatMap(({ at, kind, fields }) => {
    const { mail, channel, state } = fields
    if (kind !== 'mail' || typeof mail !== 'string') return []
    return [{ at, kind: mail, channel: String(channel), state: String(state) }]
  })
}

export function duplicatesIn(lines: readonly Heard[]): Duplicates[] {
  const counts = new Map<string, Duplicates>()
  for (const { service, fields } of lines.filter((line) => line.kind === 'duplicate' && isOfTheSaga(line))) {
    const type = text(fields.type) ?? 'unknown'
    const key = `${service} ${type}`
    counts.set(key, { service, type, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values()]
}
