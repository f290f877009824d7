import {
  type Envelope,
  type Id,
  inventoryReservationFailed,
  inventoryReservationOverdue,
  inventoryReserved,
  newId,
  paymentFailed,
  paymentOverdue,
  paymentRefunded,
  paymentSucceeded,
} from '@order-saga/common'
import { exampleEvent } from '@order-saga/common/testing'
import type { Order } from '../src'
import { pendingOrder } from './pending-order'

/** Fixtures: orders in every state, and events as the other services publish them. */

export const PRICE_MINOR = 1250

export const pens = { productId: newId(), quantity: 2 }

export const priced = {
  lines: [{ ...pens, name: 'Brass ballpoint pen', unitPriceMinor: PRICE_MINOR }],
  totalMinor: 2 * PRICE_MINOR,
  currency: 'EUR',
}

const pending = pendingOrder({ lines: [pens] })

const cancelled: Order = {
  ...pending,
  status: 'cancelled',
  reason: 'customer_request',
  verdictEventId: newId(),
  version: 2,
}

export const orders = {
  absent: undefined,
  pending,
  'pending, priced': { ...pending, ...priced, version: 2 },
  paid: { ...pending, ...priced, status: 'paid', verdictEventId: newId(), version: 3 },
  'paid, refunded': { ...pending, ...priced, status: 'paid', refund: 'done', verdictEventId: newId(), version: 4 },
  cancelled,
  'cancelled, refund due': { ...cancelled, refund: 'due', version: 3 },
  'cancelled, refunded': { ...cancelled, refund: 'done', version: 4 },
} as const satisfies Record<string, Order | undefined>

type About = (orderId: Id) => Envelope

export const reserved: About = (orderId) => exampleEvent(inventoryReserved, { orderId, ...priced })
export const unreservable: About = (orderId) =>
  exampleEvent(inventoryReservationFailed, {
    orderId,
    reason: 'out_of_stock',
    details: { productIds: [pens.productId] },
  })
export const charged: About = (orderId) => exampleEvent(paymentSucceeded, { orderId, ...priced })
export const declined: About = (orderId) => exampleEvent(paymentFailed, { orderId, ...priced, reason: 'card_expired' })
export const refunded: About = (orderId) => exampleEvent(paymentRefunded, { orderId, ...priced })
export const stockOverdue: About = (orderId) => exampleEvent(inventoryReservationOverdue, { orderId })
export const moneyOverdue: About = (orderId) => exampleEvent(paymentOverdue, { orderId })
