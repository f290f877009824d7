import type { Journey } from '../../console/src/api/answers'

type Step = Journey['steps'][number]

const reads: Record<string, Step['reactedToBy']> = {
  'order.created': [
    { service: 'product-service', step: 'reserveStock' },
    { service: 'cart-service', step: 'takeLines' },
  ],
  'inventory.reserved': [
    { service: 'order-service', step: 'priceOrder' },
    { service: 'payment-service', step: 'chargeReservation' },
  ],
  'payment.failed': [
    { service: 'product-service', step: 'releaseStock', compensates: 'reserveStock' },
    { service: 'order-service', step: 'cancelAfterDecline' },
  ],
}

export const stepOf = (event: string, type: string, service: string, change: Partial<Step> = {}): Step => ({
  event,
  type,
  service,
  at: '2026-11-29T12:00:00.000Z',
  summary: '',
  reason: null,
  causedBy: null,
  answeredBy: [],
  reactedToBy: reads[type] ?? [],
  repeats: null,
  compensates: null,
  sincePreviousMs: 0,
  ...change,
})

/** A pending order of which nothing is known but its id. */
export const bare = {
  orderId: 'o1',
  status: 'pending',
  reason: null,
  placedAt: null,
  endedAt: null,
  durationMs: null,
  deadlineAt: null,
  remainingMs: null,
  expectedNext: null,
  steps: [],
  lanes: ['order-service', 'product-service', 'payment-service', 'mailer-service', 'cart-service'],
  attempts: [],
  duplicatesIgnored: 0,
  duplicates: [],
  parked: [],
  deadLetter: null,
  mails: [],
  money: [],
  waitsFor: null,
  stuck: null,
  traceId: null,
  mermaid: '',
} as Journey
