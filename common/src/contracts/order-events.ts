import Type from 'typebox'
import { Currency, Id, Minor, Secret, Text, UtcTime } from '../schemas'
import { defineEvent } from './define-event'
import { exampleIds, examplePricedOrder, KnownLine, lines, OrderLine, pricedOrder } from './order-lines'
import { CancelReason, Details, RefundState } from './reasons'

export const orderCreated = defineEvent({
  type: 'order.created',
  version: 1,
  publisher: 'order-service',
  summary: 'A customer placed an order; nothing is reserved or charged yet.',
  subject: 'orderId',
  payload: Type.Object({
    orderId: Id,
    customerId: Id,
    lines: lines(OrderLine),
    expectedTotalMinor: Type.Optional(Minor),
    paymentToken: Secret(Text(200)),
    fromCart: Type.Boolean(),
    deadlineAt: UtcTime,
  }),
  example: {
    orderId: exampleIds.orderId,
    customerId: exampleIds.customerId,
    lines: [{ productId: exampleIds.productId, quantity: 2 }],
    expectedTotalMinor: 6980,
    paymentToken: 'tok_visa',
    fromCart: true,
    deadlineAt: '2026-01-01T12:02:00.000Z',
  },
})

export const orderPaid = defineEvent({
  type: 'order.paid',
  version: 1,
  publisher: 'order-service',
  summary: 'The order ended well: stock is sold and money captured.',
  subject: 'orderId',
  payload: Type.Object(pricedOrder),
  example: examplePricedOrder,
})

export const orderCancelled = defineEvent({
  type: 'order.cancelled',
  version: 1,
  publisher: 'order-service',
  summary: 'The order ended without a sale; whoever holds stock or money gives it back.',
  subject: 'orderId',
  payload: Type.Object({
    orderId: Id,
    customerId: Id,
    lines: lines(KnownLine),
    totalMinor: Type.Union([Minor, Type.Null()]),
    currency: Currency,
    reason: CancelReason,
    details: Details,
    refund: RefundState,
  }),
  example: {
    orderId: exampleIds.orderId,
    customerId: exampleIds.customerId,
    lines: [{ productId: exampleIds.productId, quantity: 2 }],
    totalMinor: null,
    currency: 'EUR',
    reason: 'out_of_stock',
    details: { productIds: [exampleIds.productId] },
    refund: 'none',
  },
})
