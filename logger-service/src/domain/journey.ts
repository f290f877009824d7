import { contractsOf, type Id, type KnownReaction, reactions, serviceNames } from '@order-saga/common'
import { type Expectation, expectationAt, type Status, sentenceOf } from './expectation'
import { heardOf } from './heard'
import { inCausalOrder } from './in-causal-order'
import { mermaidOf } from './mermaid'
import { type Consuming, whyStuck } from './stuck'
import {
  type Attempt,
  attemptsIn,
  type Duplicates,
  duplicatesIn,
  type Heard,
  type Mail,
  mailsIn,
  unsettled,
} from './troubles'

/** What the journal knows of one event of an order. */
export interface Recorded {
  readonly id: Id
  readonly type: string
  readonly source: string
  readonly occurredAt: Date
  readonly causationId: Id | null
  readonly repeats: Id | null
  readonly traceparent: string | null
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

export interface Money {
  readonly at: Date
  readonly kind: 'captured' | 'refunded'
  readonly amountMinor: number
  readonly currency: string
}

export interface Journey {
  readonly orderId: Id
  readonly status: Status
  readonly reason: string | null
  readonly placedAt: Date | null
  readonly endedAt: Date | null
  readonly durationMs: number | null
  readonly deadlineAt: string | null
  /** Negative once the deadline has passed; null when nothing is waiting for it any more. */
  readonly remainingMs: number | null
  readonly expectedNext: string | null
  readonly waitsFor: { readonly service: string; readonly reactsTo: string | null; readonly sinceMs: number } | null
  /** Why it does not go on, in one sentence. */
  readonly stuck: string | null
  readonly steps: Step[]
  /** Whoever takes part, in the order in which services are shown. */
  readonly lanes: string[]
  /** Attempts that did not end well, and what came of them. */
  readonly attempts: Attempt[]
  readonly duplicatesIgnored: number
  readonly duplicates: Duplicates[]
  readonly parked: Attempt[]
  readonly deadLetter: Attempt | null
  readonly mails: Mail[]
  readonly money: Money[]
  readonly traceId: string | null
  readonly mermaid: string
}

/** What is known beside the events. */
export interface Circumstances {
  readonly now: Date
  /** Log lines about the order, in the order in which they were told. */
  readonly lines?: readonly Heard[]
  readonly consuming?: (service: string) => Consuming
}

const compensations: Readonly<Record<string, string>> = {
  'inventory.released': 'inventory.reserved',
  'payment.refunded': 'payment.succeeded',
}
const statuses: Readonly<Record<string, 'paid' | 'cancelled'>> = {
  'order.paid': 'paid',
  'order.cancelled': 'cancelled',
}
const flows: Readonly<Record<string, Money['kind']>> = {
  'payment.succeeded': 'captured',
  'payment.refunded': 'refunded',
}

interface Facts {
  readonly customerId?: Id
  readonly reason?: string
  readonly deadlineAt?: string
  readonly totalMinor?: number
  readonly currency?: string
}
const factsOf = ({ data }: Recorded) => data as Facts

/** The customer whose order it is, as soon as any event has said so. */
export const customerOf = (events: readonly Recorded[]): Id | undefined =>
  events.map((event) => factsOf(event).customerId).find((id) => id !== undefined)

/** Tells the story of an order from nothing but what was heard. */
export function journeyOf(orderId: Id, heard: readonly Recorded[], circumstances: Circumstances): Journey {
  const { now, lines = [] } = circumstances
  const events = inCausalOrder(heard)
  const placed = events.find(({ type }) => type === 'order.created')
  const verdict = events.find(({ type }) => statuses[type])
  const status = (verdict && statuses[verdict.type]) ?? 'pending'
  const reason = (verdict && factsOf(verdict).reason) ?? null
  const deadlineAt = events.map((event) => factsOf(event).deadlineAt).find((at) => at !== undefined) ?? null
  const remainingMs = verdict || !deadlineAt ? null : Date.parse(deadlineAt) - now.getTime()
  const isLate = remainingMs !== null && remainingMs < 0
  const expectation = expectationAt({ status, heard: heardOf(events.map(({ type }) => type)), isLate })
  const attempts = attemptsIn(lines)
  const waiting = unsettled(attempts, events)
  const sinceMs = expectation ? waitedMs(expectation, events, deadlineAt, now) : 0
  const stuck = whyStuck({
    expectation,
    sinceMs,
    lateMs: Math.max(0, -(remainingMs ?? 0)),
    trouble: waiting.find(({ service }) => service === expectation?.service),
    consuming: expectation ? circumstances.consuming?.(expectation.service) : undefined,
    warning: lines.findLast((line) => line.service === expectation?.service && line.kind === null)?.message,
  })
  const steps = events.map((event, index) => stepOf(event, events[index - 1], events))
  const lanes = lanesOf(steps, lines)
  return {
    orderId,
    status,
    reason,
    placedAt: placed?.occurredAt ?? null,
    endedAt: verdict?.occurredAt ?? null,
    durationMs: placed && verdict ? msBetween(placed, verdict) : null,
    deadlineAt,
    remainingMs,
    expectedNext: expectation && sentenceOf(expectation),
    waitsFor: expectation && { service: expectation.service, reactsTo: expectation.reactsTo, sinceMs },
    stuck,
    steps,
    lanes,
    attempts,
    duplicatesIgnored: duplicatesIn(lines).reduce((sum, { count }) => sum + count, 0),
    duplicates: duplicatesIn(lines),
    parked: waiting.filter(({ outcome }) => outcome !== 'dead'),
    deadLetter: waiting.find(({ outcome }) => outcome === 'dead') ?? null,
    mails: mailsIn(lines),
    money: moneyIn(events),
    traceId: events.find(({ traceparent }) => traceparent)?.traceparent?.split('-')[1] ?? null,
    mermaid: mermaidOf({ lanes, steps, attempts, status, reason, stuck }),
  }
}

const mention = ({ id, type, source }: Recorded): Mention => ({ event: id, type, service: source })

const msBetween = (earlier: Recorded, later: Recorded) =>
  Math.max(0, later.occurredAt.getTime() - earlier.occurredAt.getTime())

/** Since the event that is to be reacted to was first told, or since the deadline. */
function waitedMs(
  { reactsTo }: Expectation,
  events: readonly Recorded[],
  deadlineAt: string | null,
  now: Date,
): number {
  const cause = events.find(({ type }) => type === reactsTo) ?? events.at(-1)
  const since =
    reactsTo === null && deadlineAt ? Date.parse(deadlineAt) : (cause?.occurredAt.getTime() ?? now.getTime())
  return Math.max(0, now.getTime() - since)
}

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

function lanesOf(steps: readonly Step[], lines: readonly Heard[]): string[] {
  const involved = new Set([
    ...steps.flatMap(({ service, reactedToBy }) => [service, ...reactedToBy.map((reader) => reader.service)]),
    ...lines.filter(({ kind, service }) => kind !== null && service !== 'logger-service').map(({ service }) => service),
  ])
  const first = ['order-service', 'product-service', 'payment-service']
  return [...first, ...serviceNames.filter((name) => !first.includes(name))].filter((name) => involved.has(name))
}

/** Told again is not moved again. */
function moneyIn(events: readonly Recorded[]): Money[] {
  return events.flatMap((event) => {
    const kind = flows[event.type]
    const { totalMinor, currency } = factsOf(event)
    if (!kind || event.repeats || totalMinor === undefined || currency === undefined) return []
    return [{ at: event.occurredAt, kind, amountMinor: totalMinor, currency }]
  })
}
