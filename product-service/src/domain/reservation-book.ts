import { type Cause, type Decision, type Id, type NewId, type OrderLine, WorkingSet } from '@order-saga/common'
import { absent, type Decide, type Reservation } from './reservation'
import type { Shelf, ShelfProduct } from './shelf'

interface OrderRef {
  readonly orderId: Id
  readonly lines: readonly OrderLine[]
}

/** The reservations and product rows one batch has locked. Every decision sees what the one before it left. */
export class ReservationBook {
  /** Every state a reservation passed through in this batch, in order: each is a movement of stock of its own. */
  readonly passed: Reservation[] = []

  constructor(
    readonly reservations: WorkingSet<Reservation>,
    readonly products: WorkingSet<ShelfProduct>,
  ) {}

  static of(reservations: readonly Reservation[], products: readonly ShelfProduct[]): ReservationBook {
    return new ReservationBook(
      new WorkingSet(reservations.map((reservation) => [reservation.orderId, reservation])),
      new WorkingSet(products.map((product) => [product.productId, product])),
    )
  }

  decide<Order extends OrderRef>(order: Order, cause: Cause, decide: Decide<Order>, newId: NewId): Decision {
    const { orderId } = order
    const reservation = this.reservations.find(orderId) ?? absent(orderId)
    const lines = 'lines' in reservation && reservation.lines ? reservation.lines : order.lines
    const shelf = this.#shelfOf(lines)
    const outcome = decide({ reservation, shelf }, order, newId)
    if (outcome.kind !== 'changed') return outcome
    const { reservation: after, shelf: left } = outcome.state
    this.reservations.put(orderId, after, cause)
    this.passed.push(after)
    for (const { productId } of lines) {
      const product = left[productId]
      if (product && product !== shelf[productId]) this.products.put(productId, product)
    }
    return outcome
  }

  #shelfOf(lines: readonly OrderLine[]): Shelf {
    const shelf: Record<Id, ShelfProduct> = {}
    for (const { productId } of lines) {
      const product = this.products.find(productId)
      if (product) shelf[productId] = product
    }
    return shelf
  }
}
