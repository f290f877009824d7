import type { Id } from '@order-saga/common'
import type { Status } from './expectation'
import { HEARD, hasHeard } from './heard'

/** What one order's row in the table of journeys holds, or what one event adds to it. */
export interface Projected {
  readonly orderId: Id
  readonly customerId: Id | null
  readonly heard: number
  readonly verdictId: Id | null
  readonly status: Status
  readonly reason: string | null
  readonly endedAt: string | null
  readonly placedAt: string | null
  readonly deadlineAt: string | null
  /** When it last came a step further. */
  readonly movedAt: string | null
  readonly totalMinor: number | null
  readonly currency: string | null
}

/** What the journal has to say of an event to project it. */
export interface Projectable {
  readonly id: Id
  readonly type: string
  readonly orderId: Id | undefined
  readonly occurredAt: string
  readonly repeats: Id | undefined
  readonly data: unknown
}

interface Facts {
  readonly customerId?: Id
  readonly reason?: string
  readonly deadlineAt?: string
  readonly totalMinor?: number | null
  readonly currency?: string
}

const verdicts: Readonly<Record<string, Status>> = { 'order.paid': 'paid', 'order.cancelled': 'cancelled' }
// questions, not steps: who asks has waited for long
const QUESTIONS = new Set(['inventory.reservation.overdue', 'payment.overdue'])

/** undefined for an event about no order. */
export function projectionOf(event: Projectable): Projected | undefined {
  const { id, type, orderId, occurredAt, repeats } = event
  const bit = HEARD[type]
  if (orderId === undefined || bit === undefined) return undefined
  const { customerId, reason, deadlineAt, totalMinor, currency } = event.data as Facts
  const status = verdicts[type]
  return {
    orderId,
    customerId: customerId ?? null,
    heard: bit,
    verdictId: status ? id : null,
    status: status ?? 'pending',
    reason: status === 'cancelled' ? (reason ?? null) : null,
    endedAt: status ? occurredAt : null,
    placedAt: type === 'order.created' ? occurredAt : null,
    deadlineAt: deadlineAt ? new Date(deadlineAt).toISOString() : null,
    movedAt: repeats || QUESTIONS.has(type) ? null : occurredAt,
    totalMinor: totalMinor ?? null,
    currency: typeof totalMinor === 'number' ? (currency ?? null) : null,
  }
}

/** Both together. The order of the two makes no difference, nor does hearing one of them again. */
export function merge(a: Projected, b: Projected): Projected {
  const isFirst = b.verdictId === null || (a.verdictId !== null && a.verdictId <= b.verdictId)
  const { verdictId, status, reason, endedAt } = isFirst ? a : b
  return {
    orderId: a.orderId,
    customerId: least(a.customerId, b.customerId),
    heard: a.heard | b.heard,
    verdictId,
    status,
    reason,
    endedAt,
    placedAt: least(a.placedAt, b.placedAt),
    deadlineAt: least(a.deadlineAt, b.deadlineAt),
    movedAt: greatest(a.movedAt, b.movedAt),
    totalMinor: least(a.totalMinor, b.totalMinor),
    currency: least(a.currency, b.currency),
  }
}

function least<T extends string | number>(a: T | null, b: T | null): T | null {
  if (a === null) return b
  return b === null || a < b ? a : b
}

function greatest<T extends string | number>(a: T | null, b: T | null): T | null {
  if (a === null) return b
  return b === null || a > b ? a : b
}

/** A row for every order the events are about. */
export function projectAll(events: Iterable<Projectable>): Projected[] {
  const rows = new Map<Id, Projected>()
  for (const event of events) {
    const added = projectionOf(event)
    if (!added) continue
    const known = rows.get(added.orderId)
    rows.set(added.orderId, known ? merge(known, added) : added)
  }
  return [...rows.values()]
}

/** Whether somebody still has something to do: to end it, or to give back what it held. */
export function isOpen({ status, heard }: Pick<Projected, 'status' | 'heard'>): boolean {
  if (status !== 'cancelled') return status === 'pending'
  const isHeld = hasHeard(heard, 'inventory.reserved') && !hasHeard(heard, 'inventory.released')
  return isHeld || (hasHeard(heard, 'payment.succeeded') && !hasHeard(heard, 'payment.refunded'))
}
