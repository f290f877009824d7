import Type from 'typebox'
import { Id, Secret, Text, UtcTime } from '../schemas'
import { defineEvent } from './define-event'
import { exampleIds, examplePricedOrder, lines, OrderLine, pricedOrder } from './order-lines'
import { Details, ReservationFailure } from './reasons'

export const inventoryReserved = defineEvent({
  type: 'inventory.reserved',
  version: 1,
  publisher: 'product-service',
  summary: 'Every line of the order is priced and held; the total is what will be charged.',
  subject: 'orderId',
  payload: Type.Object({ ...pricedOrder, paymentToken: Secret(Text(200)), deadlineAt: UtcTime }),
  example: { ...examplePricedOrder, paymentToken: 'tok_visa', deadlineAt: '2026-01-01T12:02:00.000Z' },
})

export const inventoryReservationFailed = defineEvent({
  type: 'inventory.reservation.failed',
  version: 1,
  publisher: 'product-service',
  summary: 'At least one line could not be held, so none is.',
  subject: 'orderId',
  payload: Type.Object({ orderId: Id, customerId: Id, reason: ReservationFailure, details: Details }),
  example: {
    orderId: exampleIds.orderId,
    customerId: exampleIds.customerId,
    reason: 'out_of_stock',
    details: { productIds: [exampleIds.productId] },
  },
})

export const inventoryReleased = defineEvent({
  type: 'inventory.released',
  version: 1,
  publisher: 'product-service',
  summary: 'Stock held for an order is available again.',
  subject: 'orderId',
  audience: 'observers',
  payload: Type.Object({ orderId: Id, lines: lines(OrderLine) }),
  example: { orderId: exampleIds.orderId, lines: [{ productId: exampleIds.productId, quantity: 2 }] },
})

export const inventoryReservationOverdue = defineEvent({
  type: 'inventory.reservation.overdue',
  version: 1,
  publisher: 'product-service',
  summary: 'Stock is still held after the deadline: what became of this order?',
  subject: 'orderId',
  payload: Type.Object({ orderId: Id }),
  example: { orderId: exampleIds.orderId },
})
