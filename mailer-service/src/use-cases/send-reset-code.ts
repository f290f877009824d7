import type { Decision, EventOf, userPasswordResetRequested } from '@order-saga/common'
import { addMail, type Book } from '../db/book'

export function sendResetCode(book: Book, event: EventOf<typeof userPasswordResetRequested>): Decision {
  const { resetId, userId, code, expiresAt } = event.data
  return addMail(book, event, { kind: 'password_reset', subjectId: resetId, userId, facts: { code, expiresAt } })
}
