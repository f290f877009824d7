import {
  type Envelope,
  type Id,
  type OrderLine,
  orderCreated,
  type Saga,
  StaleWrite,
  type Tx,
} from '@order-saga/common'
import type { Reservation, ReservationState } from '../domain/reservation'
import { ReservationBook } from '../domain/reservation-book'
import { insertAbsent, lockProducts, lockReservations, moveStock, saveReservations } from './reservation-statements'

export interface ProductVersion {
  readonly id: Id
  readonly version: number
}

interface Options {
  readonly currency: string
  /** Called after the commit: whatever was read of these products before is old now. */
  readonly stockChanged: (products: readonly ProductVersion[]) => void
}

/** In the sequence of the statement's parameters. */
const COUNTED = ['available', 'reserved', 'sold', 'version'] as const

type OrderEvent = Envelope<{ orderId: Id; lines: readonly OrderLine[] }>

const kindOf: Partial<Record<ReservationState, string>> = { reserved: 'reserve', released: 'release', sold: 'sell' }

/** Loads and stores what a batch of saga events decides about. All locks are taken in `open`, once, sorted. */
export class Reservations implements Pick<Saga<ReservationBook>, 'open' | 'close'> {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  async open(tx: Tx, events: readonly Envelope[]): Promise<ReservationBook> {
    const ofOrders = events as readonly OrderEvent[]
    const orderIds = sorted(ofOrders.map(({ data }) => data.orderId))
    // pipelined: the second is sent before the first has answered, and runs after it
    const [, locked] = await Promise.all([tx.execute(insertAbsent, [orderIds]), tx.query(lockReservations, [orderIds])])
    const reservations = locked.map(({ state }) => state)
    const productIds = touchedBy(ofOrders, reservations)
    const rows = productIds.length > 0 ? await tx.query(lockProducts, [productIds, this.#options.currency]) : []
    return ReservationBook.of(
      reservations,
      rows.map(({ product }) => product),
    )
  }

  async close(tx: Tx, book: ReservationBook): Promise<void> {
    await Promise.all([this.#saveReservations(tx, book), this.#moveStock(tx, book)])
  }

  async #saveReservations(tx: Tx, { reservations, passed }: ReservationBook): Promise<void> {
    const changes = reservations.changes()
    if (changes.length === 0) return
    const rows = changes.map(({ before, after, cause }) => ({ ...after, ...cause, was: before.state }))
    await tx.write(saveReservations, [JSON.stringify(rows), ...columnsOf(passed.flatMap(movementsOf))], rows.length)
  }

  async #moveStock(tx: Tx, { products }: ReservationBook): Promise<void> {
    const changes = products.changes()
    if (changes.length === 0) return
    const ids = changes.map(({ id }) => id)
    const deltas = COUNTED.map((count) => changes.map(({ before, after }) => after[count] - before[count]))
    const versions = await tx.query(moveStock, [ids, ...deltas])
    if (versions.length !== ids.length) throw new StaleWrite(moveStock.name, ids.length, versions.length)
    tx.afterCommit(() => this.#options.stockChanged(versions))
  }
}

/** Products of orders still to be reserved, and of those whose stock may be given back or sold. */
function touchedBy(events: readonly OrderEvent[], reservations: readonly Reservation[]): Id[] {
  const isAbsent = new Set(reservations.filter(({ state }) => state === 'absent').map(({ orderId }) => orderId))
  const wanted = events.filter(({ type, data }) => type === orderCreated.type && isAbsent.has(data.orderId))
  const held = reservations.filter((reservation) => reservation.state === 'reserved')
  const lines = [...wanted.flatMap(({ data }) => data.lines), ...held.flatMap((reservation) => reservation.lines)]
  return sorted(lines.map(({ productId }) => productId))
}

interface Movement extends OrderLine {
  readonly orderId: Id
  readonly kind: string
}

function movementsOf(reservation: Reservation): Movement[] {
  const kind = kindOf[reservation.state]
  const lines = 'lines' in reservation ? (reservation.lines ?? []) : []
  return kind ? lines.map((line) => ({ ...line, orderId: reservation.orderId, kind })) : []
}

function columnsOf(movements: readonly Movement[]): unknown[] {
  const sorted = [...movements].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const column = (name: keyof Movement) => sorted.map((movement) => movement[name])
  return [column('orderId'), column('productId'), column('kind'), column('quantity')]
}

const keyOf = ({ orderId, productId }: Movement): string => orderId + productId

const sorted = (ids: readonly Id[]): Id[] => [...new Set(ids)].sort()
