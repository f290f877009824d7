import { causeOf, type Decide, type inventoryReserved as reserved } from '@order-saga/common'
import type { OrderBook } from '../db/order-book'
import { inventoryReserved } from '../domain/order'

/** The reservation tells names, prices and the total; the first one stays. */
export const priceOrder: Decide<OrderBook, typeof reserved> = (orders, event, newId) =>
  orders.decide(event.data.orderId, causeOf(event), (order) => inventoryReserved(order, event.data, newId))
