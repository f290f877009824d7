import { causeOf, type Decide, type paymentSucceeded as succeeded } from '@order-saga/common'
import type { OrderBook } from '../db/order-book'
import { paymentSucceeded } from '../domain/order'

/** Money arrived: a pending order is paid, a cancelled one owes it back. */
export const confirmOrder: Decide<OrderBook, typeof succeeded> = (orders, event, newId) =>
  orders.decide(event.data.orderId, causeOf(event), (order) => paymentSucceeded(order, event.data, newId))
