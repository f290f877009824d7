import { causeOf, type Decide, type paymentRefunded as refunded } from '@order-saga/common'
import type { OrderBook } from '../db/order-book'
import { paymentRefunded } from '../domain/order'

export const recordRefund: Decide<OrderBook, typeof refunded> = (orders, event) =>
  orders.decide(event.data.orderId, causeOf(event), (order) => paymentRefunded(order))
