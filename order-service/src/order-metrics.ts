import { type Id, type Metrics, timeOf } from '@order-saga/common'
import { Counter, Gauge, Histogram } from 'prom-client'
import type { Order } from './domain/order'

// from one that meets no queue to one that nobody has ended in time
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]

export interface OrderMetrics {
  /** Orders that have ended, once each. */
  ended(orders: readonly Order[]): void
  /** How many the last look found pending past their deadline. */
  readonly pastDeadline: Gauge
}

const ageS = (id: Id): number => Math.max(Date.now() - timeOf(id), 0) / 1_000

export function orderMetrics({ registry }: Metrics): OrderMetrics {
  const registers = [registry]
  const orders = new Counter({
    name: 'saga_orders_total',
    help: 'Orders by how they ended, and why',
    labelNames: ['outcome', 'reason'],
    registers,
  })
  const duration = new Histogram({
    name: 'saga_duration_seconds',
    help: 'From the request to the end of its order',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  })
  const pastDeadline = new Gauge({
    name: 'orders_past_deadline',
    help: 'Orders that the last look found pending past their deadline',
    registers,
  })
  for (const outcome of ['paid', 'cancelled']) duration.zero({ outcome })
  return {
    pastDeadline,
    ended: (ended) => {
      for (const { id, status, reason } of ended) {
        orders.inc({ outcome: status, reason: reason ?? '' })
        duration.observe({ outcome: status }, ageS(id))
      }
    },
  }
}
