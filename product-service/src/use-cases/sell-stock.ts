import { causeOf, type Decision, type EventOf, type NewId, type orderPaid } from '@order-saga/common'
import { sell } from '../domain/reservation'
import type { ReservationBook } from '../domain/reservation-book'

export function sellStock(book: ReservationBook, event: EventOf<typeof orderPaid>, newId: NewId): Decision {
  return book.decide(event.data, causeOf(event), sell, newId)
}
