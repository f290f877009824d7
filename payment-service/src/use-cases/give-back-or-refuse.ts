import { causeOf, type Decision, type EventOf, type NewId, type orderCancelled } from '@order-saga/common'
import type { PaymentBook } from '../db/payment-book'
import { absentPayment, refuseOrRefund } from '../domain'

// compensates chargeReservation
export function giveBackOrRefuse(book: PaymentBook, event: EventOf<typeof orderCancelled>, newId: NewId): Decision {
  return book.decide(event.data.orderId, causeOf(event), (payment = absentPayment) =>
    refuseOrRefund(payment, event.data, newId),
  )
}
