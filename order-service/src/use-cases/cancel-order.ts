import {
  causeOf,
  type Decide,
  type inventoryReservationFailed,
  type paymentFailed as paymentRefused,
} from '@order-saga/common'
import type { OrderBook } from '../db/order-book'
import { paymentFailed, reservationFailed } from '../domain/order'

export const cancelUnreservable: Decide<OrderBook, typeof inventoryReservationFailed> = (orders, event, newId) =>
  orders.decide(event.data.orderId, causeOf(event), (order) => reservationFailed(order, event.data, newId))

export const cancelAfterDecline: Decide<OrderBook, typeof paymentRefused> = (orders, event, newId) =>
  orders.decide(event.data.orderId, causeOf(event), (order) => paymentFailed(order, event.data, newId))
