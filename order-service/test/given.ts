import {
  type Contract,
  type DataOf,
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
import type { Order } from '../src'

/** Fixtures: orders in every state, and events as the other services publish them. */

export const PRICE_MINOR = 1250

export const pens = { productId: newId(), quantity: 2 }

export const priced = {
  lines: [{ ...pens, name: 'Brass ballpoint pen', unitPriceMinor: PRICE_MINOR }],
  totalMinor: 2 * PRICE_MINOR,
  currency: 'EUR',
}

const pending: Order = {
  id: newId(),
  customerId: newId(),
  status: 'pending',
  lines: [pens],
  totalMinor: null,
  currency: 'EUR',
  expectedTotalMinor: null,
  paymentToken: 'tok_visa',
  fromCart: false,
  deadlineAt: '2026-01-01T12:02:00.000Z',
  reason: null,
  details: {},
  refund: 'none',
  createdEventId: newId(),
  verdictEventId: null,
  version: 1,
}

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

export function eventOf<C extends Contract>(contract: C, data: Partial<DataOf<C>>): Envelope {
  const payload = { ...contract.example, ...data } as Record<string, unknown>
  return {
    specversion: '1.0',
    id: newId(),
    source: contract.publisher,
    type: contract.type,
    subject: String(payload.orderId),
    time: new Date().toISOString(),
    dataschema: contract.dataschema,
    correlationid: newId(),
    data: payload,
  }
}

type About = (orderId: Id) => Envelope

export const reserved: About = (orderId) => eventOf(inventoryReserved, { orderId, ...priced })
export const unreservable: About = (orderId) =>
  eventOf(inventoryReservationFailed, { orderId, reason: 'out_of_stock', details: { productIds: [pens.productId] } })
export const charged: About = (orderId) => eventOf(paymentSucceeded, { orderId, ...priced })
export const declined: About = (orderId) => eventOf(paymentFailed, { orderId, ...priced, reason: 'card_expired' })
export const refunded: About = (orderId) => eventOf(paymentRefunded, { orderId, ...priced })
export const stockOverdue: About = (orderId) => eventOf(inventoryReservationOverdue, { orderId })
export const moneyOverdue: About = (orderId) => eventOf(paymentOverdue, { orderId })
