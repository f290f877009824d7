import type { Decision, EventOf, userUpdated } from '@order-saga/common'
import { type Book, noteAddress } from '../db/book'

export function updateAddress(book: Book, event: EventOf<typeof userUpdated>): Decision {
  return noteAddress(book, event)
}
