import {
  inventoryReservationFailed,
  inventoryReservationOverdue,
  inventoryReserved,
  on,
  paymentFailed,
  paymentOverdue,
  paymentRefunded,
  paymentSucceeded,
  type SagaStep,
} from '@order-saga/common'
import type { OrderBook } from './db/order-book'
import { cancelAfterDecline, cancelUnreservable } from './use-cases/cancel-order'
import { confirmOrder } from './use-cases/confirm-order'
import { priceOrder } from './use-cases/price-order'
import { recordRefund } from './use-cases/record-refund'
import { repeatVerdict } from './use-cases/repeat-verdict'

/** Everything order-service does because of somebody else's event. It alone decides how an order ends. */
export const steps: readonly SagaStep<OrderBook>[] = [
  on(inventoryReserved, priceOrder, { canWait: true }),
  on(inventoryReservationFailed, cancelUnreservable), // → order.cancelled
  on(paymentSucceeded, confirmOrder), // → order.paid
  on(paymentFailed, cancelAfterDecline), // → order.cancelled
  on(paymentRefunded, recordRefund),
  on(inventoryReservationOverdue, repeatVerdict), // → order.created | order.paid | order.cancelled, again
  on(paymentOverdue, repeatVerdict), // → order.created | order.paid | order.cancelled, again
]
