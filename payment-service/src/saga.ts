import { inventoryReserved, on, orderCancelled, orderPaid, type SagaStep } from '@order-saga/common'
import type { PaymentBook } from './db/payment-book'
import { chargeReservation } from './use-cases/charge-reservation'
import { giveBackOrRefuse } from './use-cases/give-back-or-refuse'
import { settleOrder } from './use-cases/settle-order'

/** Everything payment-service does because of somebody else's event. What the provider answers is told later. */
export const steps: readonly SagaStep<PaymentBook>[] = [
  on(inventoryReserved, chargeReservation), // → payment.succeeded | payment.failed
  on(orderPaid, settleOrder, { canWait: true }),
  on(orderCancelled, giveBackOrRefuse, { compensates: 'chargeReservation' }), // → payment.refunded
]
