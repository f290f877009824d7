import type { Decision, EventOf, paymentRefunded } from '@order-saga/common'
import { addMail, type Book } from '../db/book'

export function confirmRefund(book: Book, event: EventOf<typeof paymentRefunded>): Decision {
  const { orderId, customerId } = event.data
  return addMail(book, event, { kind: 'refund', subjectId: orderId, userId: customerId, facts: event.data })
}
