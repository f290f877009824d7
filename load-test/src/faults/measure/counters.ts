import { faultOf } from '../catalogue'
import type { Happened } from '../chaos'
import { full } from '../size'
import type { ClientCounts } from './clients'
import type { Facts } from './facts'
import type { LogCounts } from './logs'
import type { MetricsWatch } from './metrics'

export interface Measured {
  readonly metrics: Pick<MetricsWatch, 'sum'>
  readonly logs: LogCounts
  readonly clients: ClientCounts
  readonly facts: Facts
  readonly cutCommits: number
}

/** A dangerous window that a run has to reach to prove anything. */
interface Window {
  readonly name: string
  /** For 10,000 orders. */
  readonly minimum: number
  /** Only these faults, or these with this target, lead there: without one of them nothing is demanded. */
  readonly needs?: readonly string[]
  readonly count: (measured: Measured) => number
}

export interface Counter {
  readonly name: string
  readonly reached: number
  readonly minimum: number
  readonly isShort: boolean
}

const FULL_ORDERS = 10_000

const cutters = ['kill-broker', 'close-connections', 'close-channel', 'kill-product', 'kill-order', 'kill-payment']

const windows: readonly Window[] = [
  {
    name: 'deliveries repeated by the broker',
    minimum: 500,
    needs: cutters,
    count: ({ metrics }) => metrics.sum(/^redelivered/),
  },
  {
    name: 'events an inbox knew already',
    minimum: 300,
    needs: ['delete-queue', 'remove-binding', 'cut-commit'],
    count: ({ metrics }) => metrics.sum(/^saga_events_total.*outcome="duplicate"/),
  },
  {
    name: 'commits done whose answer was cut off',
    minimum: 30,
    needs: ['cut-commit'],
    count: ({ cutCommits }) => cutCommits,
  },
  {
    name: 'events published again',
    minimum: 20,
    needs: ['kill-broker', 'kill-postgres', 'close-connections', 'delete-queue', 'remove-binding'],
    count: ({ metrics }) => metrics.sum(/^outbox_swept_total/),
  },
  { name: 'cancellation won, the charge had been made', minimum: 20, count: ({ facts }) => cancelWon(facts) },
  {
    name: 'charge won, the cancellation was refused',
    minimum: 20,
    count: ({ facts, clients }) =>
      [...clients.cancelsRefused].filter((id) => facts.orders.get(id)?.status === 'paid').length,
  },
  { name: 'late charges given back', minimum: 20, count: ({ facts }) => facts.refundedLate },
  {
    name: 'orders that met a tombstone of product-service',
    minimum: 10,
    needs: ['delete-queue product-service', 'remove-binding product-service'],
    count: ({ facts }) => facts.productTombstones,
  },
  {
    name: 'reservations that met a tombstone of payment-service',
    minimum: 10,
    count: ({ facts }) => facts.paymentTombstones,
  },
  { name: 'unknown outcomes that had been charges', minimum: 30, count: ({ facts }) => facts.unknownThenPaid },
  {
    name: 'unknown outcomes that ended as refusals',
    minimum: 10,
    needs: ['provider-down', 'provider-timeout-before', 'provider-timeout-after', 'provider-error-after'],
    count: ({ facts }) => facts.unknownThenDeclined,
  },
  {
    name: 'overdue questions answered',
    minimum: 10,
    needs: [
      'freeze-broker',
      'freeze-service',
      ...['delete-queue', 'remove-binding'].map((lost) => `${lost} product-service`),
    ],
    count: ({ facts }) => facts.overdueAnswered,
  },
  {
    name: 'channels closed by the broker, recovered',
    minimum: 10,
    needs: ['close-channel'],
    count: ({ logs }) => logs.channelsClosed,
  },
  {
    name: 'consumers cancelled by the broker, recovered',
    minimum: 5,
    needs: ['delete-queue'],
    count: ({ logs }) => logs.consumersCancelled,
  },
  {
    name: 'heartbeats missed',
    minimum: 5,
    needs: ['freeze-broker'],
    count: ({ logs }) => logs.heartbeatsMissed,
  },
  {
    name: 'publishers blocked',
    minimum: 5,
    needs: ['disk-alarm', 'memory-alarm'],
    count: ({ logs }) => logs.blocked,
  },
  { name: 'requests that found a conflict (409)', minimum: 20, count: ({ clients }) => clients.conflicts },
  { name: 'keys reused for another order (422)', minimum: 20, count: ({ clients }) => clients.keysReused },
  { name: 'requests answered by a replay', minimum: 20, count: ({ clients }) => clients.replays },
  {
    name: 'mails sent twice',
    minimum: 1,
    needs: ['mail-drop-after-data'],
    count: ({ facts }) => facts.mailCopies,
  },
  // a shop that cancels everything keeps most promises
  { name: 'orders paid', minimum: 300, count: ({ facts }) => countOf(facts, 'paid') },
]

const countOf = ({ orders }: Facts, status: string) =>
  [...orders.values()].filter((order) => order.status === status).length

/** Of the faults of a full run that lead to a window, how many have struck. */
function shareOf(needs: readonly string[], struck: readonly Happened[]): number {
  const inFull = needs.reduce((sum, need) => sum + timesInFull(need), 0)
  return (
    struck.filter(({ kind, target }) => needs.includes(kind) || needs.includes(`${kind} ${target}`)).length / inFull
  )
}

function timesInFull(need: string): number {
  const [kind = '', target] = need.split(' ')
  const times = full.kinds.filter((one) => one === kind).length * full.times
  return target === undefined ? times : times / faultOf(kind).targets.length
}

const cancelWon = ({ orders, charges }: Facts): number =>
  [...orders.values()].filter(({ id, reason }) => reason === 'customer_request' && charges.has(id)).length

/**
 * Every window with how often it was reached, and how often it should have been at least: in proportion to the orders, or
 * to the faults that lead there where a run has fewer of these.
 */
export function countWindows(measured: Measured, orders: number, faults: readonly Happened[]): Counter[] {
  const struck = faults.filter(({ hasStruck }) => hasStruck)
  return windows.map(({ name, minimum: ofFull, needs, count }) => {
    const share = Math.min(orders / FULL_ORDERS, needs ? shareOf(needs, struck) : 1)
    const minimum = Math.ceil(ofFull * share)
    const reached = count(measured)
    return { name, reached, minimum, isShort: reached < minimum }
  })
}
