import { causeOf, type Decision, type EventOf, type userDeleted } from '@order-saga/common'
import type { Book } from '../db/book'
import { forget } from '../domain/mail'

/** Mails that are still due end with it (`endHopelessMails`). */
export function forgetAddress({ addresses }: Book, event: EventOf<typeof userDeleted>): Decision {
  const { userId, version } = event.data
  return addresses.decide(userId, causeOf(event), (known) => forget(known, version))
}
