import { type Cause, type Id, WorkingSet } from '@order-saga/common'
import type { Order } from '../domain/order'

export interface Transition {
  readonly before: Order
  readonly after: Order
  readonly cause: Cause | undefined
}

/** The orders one transaction has locked, with every step each of them takes in it, one batch or many. */
export class OrderBook extends WorkingSet<Order> {
  readonly transitions: Transition[] = []

  constructor(orders: readonly Order[]) {
    super(orders.map((order) => [order.id, order]))
  }

  override put(id: Id, after: Order, cause?: Cause): void {
    const before = this.find(id)
    if (before) this.transitions.push({ before, after, cause })
    super.put(id, after, cause)
  }
}
