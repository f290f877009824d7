import type { ServiceName } from '@order-saga/common'
import { hasHeard } from './heard'

export type Status = 'pending' | 'paid' | 'cancelled'

/** Where a saga stands: all that decides who acts next. */
export interface Place {
  readonly status: Status
  readonly heard: number
  /** Pending, and its deadline has passed. */
  readonly isLate: boolean
}

/** Who is expected to do what, and because of which event. */
export interface Expectation {
  readonly service: ServiceName
  /** null: because of the time alone. */
  readonly reactsTo: string | null
  readonly does: string
}

const expect = (service: ServiceName, reactsTo: string | null, does: string): Expectation => ({
  service,
  reactsTo,
  does,
})

// of what was heard the furthest along is what somebody has to react to
const whilePending: readonly (readonly [string, Expectation])[] = [
  ['payment.succeeded', expect('order-service', 'payment.succeeded', 'it declares the order paid')],
  ['payment.failed', expect('order-service', 'payment.failed', 'it cancels the order')],
  ['inventory.released', expect('order-service', 'payment.failed', 'it cancels the order')],
  ['inventory.reservation.failed', expect('order-service', 'inventory.reservation.failed', 'it cancels the order')],
  ['payment.overdue', expect('order-service', 'payment.overdue', 'it says again what it knows')],
  [
    'inventory.reservation.overdue',
    expect('order-service', 'inventory.reservation.overdue', 'it says again what it knows'),
  ],
  ['inventory.reserved', expect('payment-service', 'inventory.reserved', 'it charges the reserved total')],
  ['order.created', expect('product-service', 'order.created', 'it reserves all lines or none')],
]

const tooLate = expect('order-service', null, 'cancels the order: its deadline has passed')
const stockBack = expect('product-service', 'order.cancelled', 'it gives the stock back')
const moneyBack = expect('payment-service', 'order.cancelled', 'it gives the money back')

/** null when nothing is expected any more. */
export function expectationAt({ status, heard, isLate }: Place): Expectation | null {
  if (status === 'pending') {
    if (isLate) return tooLate
    return whilePending.find(([type]) => hasHeard(heard, type))?.[1] ?? null
  }
  if (status === 'paid') return null
  if (hasHeard(heard, 'payment.succeeded') && !hasHeard(heard, 'payment.refunded')) return moneyBack
  if (hasHeard(heard, 'inventory.reserved') && !hasHeard(heard, 'inventory.released')) return stockBack
  return null
}

/** One sentence. */
export const sentenceOf = ({ service, reactsTo, does }: Expectation): string =>
  reactsTo === null ? `${service} ${does}` : `${service} reacts to ${reactsTo}: ${does}`
