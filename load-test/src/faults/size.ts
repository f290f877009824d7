import { catalogue } from './catalogue'

/** How much a run does. */
export interface Size {
  readonly name: 'quick' | 'full' | 'soak'
  readonly orders: number
  readonly ordersPerS: number
  /** Faults of each of these kinds, so many times; a kind and its target where only that one will do. */
  readonly kinds: readonly string[]
  readonly times: number
  /** Further ones of any kind. */
  readonly further: number
  /** Of chosen kinds alone: how often a dangerous window should be reached is not known then, only that it should. */
  readonly isPartial?: boolean
}

// enough to reach every dangerous window once
const QUICK_KINDS = [
  'kill-order',
  'kill-product',
  'kill-payment',
  'kill-mailer',
  'kill-broker',
  'kill-postgres',
  'cut-commit',
  'cut-commit',
  'close-connections',
  'close-channel',
  'delete-queue product-service',
  'provider-timeout-after',
]

export const quick: Size = {
  name: 'quick',
  orders: 300,
  ordersPerS: 4,
  kinds: QUICK_KINDS,
  times: 1,
  further: 3,
}

export const full: Size = {
  name: 'full',
  orders: 10_000,
  ordersPerS: 9,
  // a channel closed and a consumer cancelled is what only these do: twice, as a strike may meet a process just dead
  kinds: [...catalogue.map(({ kind }) => kind), 'close-channel', 'delete-queue'],
  times: 5,
  further: 5,
}

const SOAK_ORDERS_PER_S = 2

export const soak = (minutes: number): Size => ({
  name: 'soak',
  orders: Math.round(minutes * 60 * SOAK_ORDERS_PER_S),
  ordersPerS: SOAK_ORDERS_PER_S,
  kinds: [],
  times: 0,
  further: Math.max(1, Math.floor(minutes) - 1),
})

/** Only these kinds, as often as there would have been others. */
export function only(size: Size, kinds: readonly string[]): Size {
  const times = Math.max(size.times, Math.ceil(faultsIn(size) / kinds.length / 3))
  return { ...size, kinds, times, further: 0, isPartial: true }
}

export const faultsIn = ({ kinds, times, further }: Size): number => kinds.length * times + further

export const chaosMs = ({ orders, ordersPerS }: Size): number => (orders / ordersPerS) * 1_000
