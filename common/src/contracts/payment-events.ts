import Type from 'typebox'
import { Id } from '../schemas'
import { defineEvent } from './define-event'
import { exampleIds, examplePricedOrder, pricedOrder } from './order-lines'
import { PaymentFailure } from './reasons'

export const paymentSucceeded = defineEvent({
  type: 'payment.succeeded',
  version: 1,
  publisher: 'payment-service',
  summary: 'The provider captured exactly the reserved total.',
  subject: 'orderId',
  payload: Type.Object(pricedOrder),
  example: examplePricedOrder,
})

export const paymentFailed = defineEvent({
  type: 'payment.failed',
  version: 1,
  publisher: 'payment-service',
  summary: 'The provider refused the charge; nothing was captured.',
  subject: 'orderId',
  payload: Type.Object({ ...pricedOrder, reason: PaymentFailure }),
  example: { ...examplePricedOrder, reason: 'insufficient_funds' },
})

export const paymentRefunded = defineEvent({
  type: 'payment.refunded',
  version: 1,
  publisher: 'payment-service',
  summary: 'What was captured for the order has been given back.',
  subject: 'orderId',
  payload: Type.Object(pricedOrder),
  example: examplePricedOrder,
})

export const paymentOverdue = defineEvent({
  type: 'payment.overdue',
  version: 1,
  publisher: 'payment-service',
  summary: 'Money is still held after the deadline: what became of this order?',
  subject: 'orderId',
  payload: Type.Object({ orderId: Id }),
  example: { orderId: exampleIds.orderId },
})
