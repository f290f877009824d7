import { causeOf, type Decision, type EventOf, type inventoryReserved, type NewId } from '@order-saga/common'
import type { PaymentBook } from '../db/payment-book'
import { absentPayment, chargeReserved } from '../domain'

/** Exactly what was reserved is charged. The provider is called after the commit, never in the transaction. */
export function chargeReservation(book: PaymentBook, event: EventOf<typeof inventoryReserved>, newId: NewId): Decision {
  return book.decide(event.data.orderId, causeOf(event), (payment = absentPayment) =>
    chargeReserved(payment, event.data, newId),
  )
}
