import { causeOf, type Decision, type EventOf, type NewId, type orderPaid } from '@order-saga/common'
import type { PaymentBook } from '../db/payment-book'
import { absentPayment, settlePayment } from '../domain'

export function settleOrder(book: PaymentBook, event: EventOf<typeof orderPaid>, newId: NewId): Decision {
  return book.decide(event.data.orderId, causeOf(event), (payment = absentPayment) =>
    settlePayment(payment, event.data, newId),
  )
}
