import { causeOf, type Decide, type inventoryReservationOverdue, type paymentOverdue } from '@order-saga/common'
import type { OrderBook } from '../db/order-book'
import { overdueAsked } from '../domain/order'

type Asked = typeof inventoryReservationOverdue | typeof paymentOverdue

/** Whoever still holds something after the deadline is told again what was decided. */
export const repeatVerdict: Decide<OrderBook, Asked> = (orders, event, newId) =>
  orders.decide(event.data.orderId, causeOf(event), (order) => overdueAsked(order, newId))
