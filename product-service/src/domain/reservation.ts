import {
  alarm,
  changed,
  type DataOf,
  type Decision,
  type Details,
  type Id,
  ignored,
  inventoryReleased,
  inventoryReservationFailed,
  inventoryReservationOverdue,
  inventoryReserved,
  type NewId,
  type orderCreated,
  type PricedLine,
  type ReservationFailure,
  repeated,
  tell,
  tellAgain,
} from '@order-saga/common'
import { priceLines } from './price-lines'
import { giveBack, handOver, hold, type Shelf } from './shelf'
import { linesCrossedOnShelf } from './stock-lines'

interface Held {
  readonly customerId: Id
  /** Name and price as they were when the stock was taken: what is charged, whatever the catalogue says later. */
  readonly lines: PricedLine[]
  readonly totalMinor: number
  readonly currency: string
  /** The event that told the first answer; repeats name it. */
  readonly answerId: Id
}

interface Rejected {
  readonly customerId: Id
  readonly reason: ReservationFailure
  readonly details: Details
  readonly answerId: Id
}

/** What this service knows of an order. `released` without lines is a tombstone: released before it was made. */
export type Reservation = { readonly orderId: Id } & (
  | { readonly state: 'absent' }
  | ({ readonly state: 'reserved'; readonly paymentToken: string; readonly deadlineAt: string } & Held)
  | ({ readonly state: 'rejected' } & Rejected)
  | ({ readonly state: 'released' } & Partial<Held>)
  | ({ readonly state: 'sold' } & Held)
)
export type ReservationState = Reservation['state']
type In<S extends ReservationState> = Extract<Reservation, { state: S }>

/** One order's reservation with the product rows it touches. Plain data, never changed in place. */
export interface Holding {
  readonly reservation: Reservation
  readonly shelf: Shelf
}

/** A cell of the protocol's reservation table, for every state at once. */
export type Decide<Input> = (holding: Holding, input: Input, newId: NewId) => Decision<Holding>

type Order = DataOf<typeof orderCreated>

export const absent = (orderId: Id): Reservation => ({ orderId, state: 'absent' })

/** order.created: all lines or none; whoever asks again hears the first answer, even if it would differ today. */
export const reserve: Decide<Order> = ({ reservation, shelf }, order, newId) => {
  switch (reservation.state) {
    case 'absent':
      return reserveOrReject(shelf, order, newId)
    case 'reserved':
      return repeated(tellAgain(inventoryReserved, reservedData(reservation), reservation.answerId, newId))
    case 'rejected':
      return repeated(tellAgain(inventoryReservationFailed, failedData(reservation), reservation.answerId, newId))
    case 'released':
      return ignored('already_released')
    case 'sold':
      return ignored('already_sold')
  }
}

/** order.cancelled and payment.failed. */
export const release: Decide<unknown> = ({ reservation, shelf }, _order, newId) => {
  switch (reservation.state) {
    case 'absent':
      return changed({ reservation: { orderId: reservation.orderId, state: 'released' }, shelf })
    case 'reserved':
      return giveEverythingBack(reservation, shelf, newId)
    case 'rejected':
      return ignored('nothing_held')
    case 'released':
      return ignored('already_released')
    case 'sold':
      return alarm('cancelled_after_sale')
  }
}

/** order.paid */
export const sell: Decide<unknown> = ({ reservation, shelf }) => {
  switch (reservation.state) {
    case 'reserved': {
      const { paymentToken, deadlineAt, ...held } = reservation
      return changed({ reservation: { ...held, state: 'sold' }, shelf: handOver(shelf, held.lines) })
    }
    case 'sold':
      return ignored('already_sold')
    case 'absent':
      return alarm('paid_before_reserved')
    case 'rejected':
      return alarm('paid_though_rejected')
    case 'released':
      return alarm('paid_after_release')
  }
}

/** The overdue sweep: stock is held past deadline and grace. It only asks; releasing on a timer would sell air. */
export const askWhatBecame: Decide<unknown> = ({ reservation: { orderId, state } }, _now, newId) =>
  state === 'reserved' ? repeated(tell(inventoryReservationOverdue, { orderId }, newId())) : ignored('nothing_held')

function reserveOrReject(shelf: Shelf, order: Order, newId: NewId): Decision<Holding> {
  const { orderId, customerId, paymentToken, deadlineAt } = order
  const answerId = newId()
  const quote = priceLines(shelf, order)
  if ('reason' in quote) {
    const rejected: In<'rejected'> = { orderId, state: 'rejected', customerId, ...quote, answerId }
    const failed = tell(inventoryReservationFailed, failedData(rejected), answerId)
    return changed({ reservation: rejected, shelf }, failed)
  }
  const reserved: In<'reserved'> = {
    orderId,
    state: 'reserved',
    customerId,
    ...quote,
    paymentToken,
    deadlineAt,
    answerId,
  }
  const left = hold(shelf, quote.lines)
  const told = tell(inventoryReserved, reservedData(reserved), answerId)
  return changed({ reservation: reserved, shelf: left }, told, ...linesCrossedOnShelf(shelf, left, newId))
}

function giveEverythingBack(reservation: In<'reserved'>, shelf: Shelf, newId: NewId): Decision<Holding> {
  const { paymentToken, deadlineAt, ...held } = reservation
  const lines = held.lines.map(({ productId, quantity }) => ({ productId, quantity }))
  const refilled = giveBack(shelf, lines)
  return changed(
    { reservation: { ...held, state: 'released' }, shelf: refilled },
    tell(inventoryReleased, { orderId: held.orderId, lines }, newId()),
    ...linesCrossedOnShelf(shelf, refilled, newId),
  )
}

function reservedData({ state, answerId, ...data }: In<'reserved'>) {
  return data
}

function failedData({ orderId, customerId, reason, details }: In<'rejected'>) {
  return { orderId, customerId, reason, details }
}
