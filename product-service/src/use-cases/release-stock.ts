import {
  causeOf,
  type Decision,
  type EventOf,
  type NewId,
  type orderCancelled,
  type paymentFailed,
} from '@order-saga/common'
import { release } from '../domain/reservation'
import type { ReservationBook } from '../domain/reservation-book'

type Ending = EventOf<typeof orderCancelled> | EventOf<typeof paymentFailed>

// compensates reserveStock
export function releaseStock(book: ReservationBook, event: Ending, newId: NewId): Decision {
  return book.decide(event.data, causeOf(event), release, newId)
}
