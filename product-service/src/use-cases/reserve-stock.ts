import { causeOf, type Decision, type EventOf, type NewId, type orderCreated } from '@order-saga/common'
import { reserve } from '../domain/reservation'
import type { ReservationBook } from '../domain/reservation-book'

export function reserveStock(book: ReservationBook, event: EventOf<typeof orderCreated>, newId: NewId): Decision {
  return book.decide(event.data, causeOf(event), reserve, newId)
}
