import {
  type DataOf,
  type Decision,
  newId,
  type orderCancelled,
  type orderCreated,
  type orderPaid,
  type paymentFailed,
} from '@order-saga/common'
import type { Holding, Reservation, Shelf, ShelfProduct } from '../src'

export type Order = DataOf<typeof orderCreated>

export const product = (overrides: Partial<ShelfProduct> = {}): ShelfProduct => ({
  productId: newId(),
  name: 'Brass ballpoint pen',
  unitPriceMinor: 2850,
  currency: 'EUR',
  isForSale: true,
  available: 10,
  reserved: 0,
  sold: 0,
  version: 1,
  ...overrides,
})

export const shelfOf = (...products: ShelfProduct[]): Shelf =>
  Object.fromEntries(products.map((one) => [one.productId, one]))

/** An order for so many pieces of each product. */
export const orderFor = (quantities: Record<string, number>, overrides: Partial<Order> = {}): Order => ({
  orderId: newId(),
  customerId: newId(),
  lines: Object.entries(quantities).map(([productId, quantity]) => ({ productId, quantity })),
  paymentToken: 'tok_visa',
  fromCart: false,
  deadlineAt: '2026-01-01T12:02:00.000Z',
  ...overrides,
})

export const stateAfter = (decision: Decision<Holding>): Holding => {
  if (decision.kind !== 'changed') throw new Error(`expected a change, got ${JSON.stringify(decision)}`)
  return decision.state
}

/** A reservation in any state, as it would come to be. */
export const reservationIn = (state: Reservation['state'], order: Order, item: ShelfProduct): Reservation => {
  const { orderId, customerId, paymentToken, deadlineAt, lines } = order
  const quantity = lines[0]?.quantity ?? 1
  const { productId, name, unitPriceMinor, currency } = item
  const held = {
    customerId,
    lines: [{ productId, name, quantity, unitPriceMinor }],
    totalMinor: quantity * unitPriceMinor,
    currency,
    answerId: newId(),
  }
  switch (state) {
    case 'absent':
      return { orderId, state }
    case 'reserved':
      return { orderId, state, ...held, paymentToken, deadlineAt }
    case 'rejected':
      return {
        orderId,
        state,
        customerId,
        reason: 'out_of_stock',
        details: { productIds: [productId] },
        answerId: held.answerId,
      }
    case 'released':
    case 'sold':
      return { orderId, state, ...held }
  }
}

const priced = ({ orderId, customerId, lines }: Order) => ({
  orderId,
  customerId,
  lines: lines.map((line) => ({ ...line, name: 'as reserved', unitPriceMinor: 100 })),
  totalMinor: 100,
  currency: 'EUR',
})

export const paid = (order: Order): DataOf<typeof orderPaid> => priced(order)

export const declined = (order: Order): DataOf<typeof paymentFailed> => ({ ...priced(order), reason: 'declined' })

export const cancelled = ({ orderId, customerId, lines }: Order): DataOf<typeof orderCancelled> => ({
  orderId,
  customerId,
  lines,
  totalMinor: null,
  currency: 'EUR',
  reason: 'timed_out',
  details: {},
  refund: 'none',
})
