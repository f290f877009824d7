import { contractsOf, type Id, type KnownReaction, reactions } from '@order-saga/common'
import { expectedNext } from './expectation'

/** What the journal knows of one event of an order. */
export interface Recorded {
  readonly id: Id
  readonly type: string
  readonly source: string
  readonly occurredAt: Date
  readonly causationId: Id | null
  readonly repeats: Id | null
  readonly data: unknown
}

interface Mention {
  readonly event: Id
  readonly type: string
  readonly service: string
}

export interface Step extends Mention {
  readonly at: Date
  readonly summary: string
  readonly reason: string | null
  readonly causedBy: Mention | null
  /** What other services said because of it, and its own publisher later on. */
  readonly answeredBy: Mention[]
  /** Which services react to such an event, by which step, and what that undoes. */
  readonly reactedToBy: KnownReaction[]
  readonly repeats: Id | null
  /** The type of the earlier fact this one undoes. */
  readonly compensates: string | null
  readonly sincePreviousMs: number
}

export interface Journey {
  readonly orderId: Id
  readonly status: 'pending' | 'paid' | 'cancelled'
  readonly reason: string | null
  readonly placedAt: Date | null
  readonly endedAt: Date | null
  readonly durationMs: number | null
  readonly deadlineAt: string | null
  /** Negative once the deadline has passed; null when nothing is waiting for it any more. */
  readonly remainingMs: number | null
  readonly expectedNext: string | null
  readonly steps: Step[]
}

const compensations: Readonly<Record<string, string>> = {
  'inventory.released': 'inventory.reserved',
  'payment.refunded': 'payment.succeeded',
}

const statuses: Readonly<Record<string, 'paid' | 'cancelled'>> = {
  'order.paid': 'paid',
  'order.cancelled': 'cancelled',
}

interface Facts {
  readonly customerId?: Id
  readonly reason?: string
  readonly deadlineAt?: string
}
const factsOf = ({ data }: Recorded) => data as Facts

/** The customer whose order it is, as soon as any event has said so. */
export const customerOf = (events: readonly Recorded[]): Id | undefined =>
  events.map((event) => factsOf(event).customerId).find((id) => id !== undefined)

/** Tells the story of an order from nothing but what was heard. */
export function journeyOf(orderId: Id, heard: readonly Recorded[], now: Date): Journey {
  const events = inCausalOrder(heard)
  const placed = events.find(({ type }) => type === 'order.created')
  const verdict = events.find(({ type }) => statuses[type])
  const deadlineAt = events.map((event) => factsOf(event).deadlineAt).find((at) => at !== undefined) ?? null
  const remainingMs = verdict || !deadlineAt ? null : Date.parse(deadlineAt) - now.getTime()
  const last = events.at(-1)
  return {
    orderId,
    status: (verdict && statuses[verdict.type]) ?? 'pending',
    reason: (verdict && factsOf(verdict).reason) ?? null,
    placedAt: placed?.occurredAt ?? null,
    endedAt: verdict?.occurredAt ?? null,
    durationMs: placed && verdict ? msBetween(placed, verdict) : null,
    deadlineAt,
    remainingMs,
    expectedNext: verdict || !last ? null : expectedNext(last.type, remainingMs !== null && remainingMs < 0),
    steps: events.map((event, index) => stepOf(event, events[index - 1], events)),
  }
}

const mention = ({ id, type, source }: Recorded): Mention => ({ event: id, type, service: source })

const msBetween = (earlier: Recorded, later: Recorded) =>
  Math.max(0, later.occurredAt.getTime() - earlier.occurredAt.getTime())

function stepOf(event: Recorded, previous: Recorded | undefined, all: readonly Recorded[]): Step {
  const cause = all.find(({ id }) => id === event.causationId)
  return {
    ...mention(event),
    at: event.occurredAt,
    summary: contractsOf(event.type)[0]?.summary ?? '',
    reason: factsOf(event).reason ?? null,
    causedBy: cause ? mention(cause) : null,
    answeredBy: all.filter(({ causationId }) => causationId === event.id).map(mention),
    reactedToBy: [...(reactions[event.type] ?? [])],
    repeats: event.repeats,
    compensates: compensations[event.type] ?? null,
    sincePreviousMs: previous ? msBetween(previous, event) : 0,
  }
}

/** By time, but no event before its cause: the services' clocks need not agree. */
function inCausalOrder(events: readonly Recorded[]): Recorded[] {
  const byId = new Map(events.map((event) => [event.id, event]))
  const places = new Map<Id, { time: number; depth: number }>()
  const placeOf = (event: Recorded): { time: number; depth: number } => {
    const known = places.get(event.id)
    if (known) return known
    const own = { time: event.occurredAt.getTime(), depth: 0 }
    // set before looking at the cause, so that a circle of causes ends here
    places.set(event.id, own)
    const cause = event.causationId ? byId.get(event.causationId) : undefined
    if (!cause) return own
    const { time, depth } = placeOf(cause)
    const place = { time: Math.max(own.time, time), depth: depth + 1 }
    places.set(event.id, place)
    return place
  }
  return [...events].sort((a, b) => {
    const [first, second] = [placeOf(a), placeOf(b)]
    return first.time - second.time || first.depth - second.depth || (a.id < b.id ? -1 : 1)
  })
}
