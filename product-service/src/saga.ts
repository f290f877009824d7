import { on, orderCancelled, orderCreated, orderPaid, paymentFailed, type SagaStep } from '@order-saga/common'
import type { ReservationBook } from './domain/reservation-book'
import { releaseStock } from './use-cases/release-stock'
import { reserveStock } from './use-cases/reserve-stock'
import { sellStock } from './use-cases/sell-stock'

/** Everything this service does because of other services' events. */
export const steps: readonly SagaStep<ReservationBook>[] = [
  on(orderCreated, reserveStock), // → inventory.reserved | inventory.reservation.failed; product.low_stock
  on(orderPaid, sellStock, { canWait: true }),
  on(paymentFailed, releaseStock, { compensates: 'reserveStock' }), // → inventory.released; product.back_in_stock
  on(orderCancelled, releaseStock, { compensates: 'reserveStock' }), // → inventory.released; product.back_in_stock
]
