import type { Id } from '@order-saga/common'
import type { Static } from 'typebox'
import type { OrderRecord } from '../db/order-row'
import { nameOfStep, type Step } from '../domain/step'
import type { AcceptedBody, AdminOrderBody, OrderBody, TimelineBody } from './schemas'

const FIRST_POLL_MS = 50
// a thousand customers whose orders hang are two hundred requests a second
const MAX_POLL_MS = 5_000

/** An order that has waited long will wait longer: half its age, from 50 ms to 5 s. */
export function pollAfterMs(createdAt: string, nowMs: number): number {
  const ageMs = nowMs - Date.parse(createdAt)
  return Math.round(Math.min(Math.max(ageMs / 2, FIRST_POLL_MS), MAX_POLL_MS))
}

/** The same in whole seconds, for whoever only reads headers: a 304 has no body. */
export const retryAfterOf = ({ createdAt }: OrderRecord): string =>
  String(Math.ceil(pollAfterMs(createdAt, Date.now()) / 1000))

const linksOf = (id: string) => ({ self: `/orders/${id}`, cancel: `/orders/${id}/cancel` })

/** Only what never changes, so that a replay is the same to the letter. */
export const toAccepted = ({ id, createdAt, deadlineAt }: OrderRecord): Static<typeof AcceptedBody> => ({
  id,
  status: 'pending',
  createdAt,
  deadlineAt,
  pollAfterMs: FIRST_POLL_MS,
  links: linksOf(id),
})

export const toView = (order: OrderRecord): Static<typeof OrderBody> => ({
  id: order.id,
  status: order.status,
  lines: [...order.lines],
  totalMinor: order.totalMinor,
  currency: order.currency,
  reason: order.reason,
  details: order.details,
  refund: order.refund,
  version: order.version,
  createdAt: order.createdAt,
  updatedAt: order.updatedAt,
  deadlineAt: order.deadlineAt,
  ...(order.status === 'pending' && { pollAfterMs: pollAfterMs(order.createdAt, Date.now()) }),
  links: linksOf(order.id),
})

export const toAdminView = (order: OrderRecord): Static<typeof AdminOrderBody> => ({
  ...toView(order),
  customerId: order.customerId,
  expectedTotalMinor: order.expectedTotalMinor,
  fromCart: order.fromCart,
  correlationId: order.correlationId,
})

export const toTimeline = (orderId: Id, steps: readonly Step[]): Static<typeof TimelineBody> => ({
  orderId,
  steps: steps.map((step) => {
    const { at, version, to: status, refund, reason } = step
    return { step: nameOfStep(step), at, version, status, refund, reason }
  }),
})

/** Strong: the version grows with every change of the row. */
export const etagOf = ({ id, version }: OrderRecord): string => `"${id}-${version}"`
