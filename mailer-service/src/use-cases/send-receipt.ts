import type { Decision, EventOf, orderPaid } from '@order-saga/common'
import { addMail, type Book } from '../db/book'

export function sendReceipt(book: Book, event: EventOf<typeof orderPaid>): Decision {
  const { orderId, customerId } = event.data
  return addMail(book, event, { kind: 'receipt', subjectId: orderId, userId: customerId, facts: event.data })
}
