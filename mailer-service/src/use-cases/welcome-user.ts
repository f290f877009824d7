import { type Decision, type EventOf, ignored, type userRegistered } from '@order-saga/common'
import { addMail, type Book, noteAddress } from '../db/book'

export function welcomeUser(book: Book, event: EventOf<typeof userRegistered>): Decision {
  const { userId } = event.data
  const noted = noteAddress(book, event)
  const added = addMail(book, event, { kind: 'welcome', subjectId: userId, userId, facts: {} })
  // overtaken by user.updated the address is old news, the welcome is not
  return [added, noted].find(({ kind }) => kind === 'changed') ?? ignored('mail_exists')
}
