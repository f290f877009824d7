import type { Decision, EventOf, orderCancelled } from '@order-saga/common'
import { addMail, type Book } from '../db/book'

export function explainCancellation(book: Book, event: EventOf<typeof orderCancelled>): Decision {
  const { orderId, customerId } = event.data
  return addMail(book, event, { kind: 'cancellation', subjectId: orderId, userId: customerId, facts: event.data })
}
