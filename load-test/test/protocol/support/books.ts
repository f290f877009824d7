import { WorkingSet } from '@order-saga/common'
import { ReservationBook } from '../../../../product-service/src/domain/reservation-book'
import type { Books } from './shop'

export type Participant = 'order' | 'product' | 'payment'
export const participants: readonly Participant[] = ['order', 'product', 'payment']

/** The shipped books of the services that decide, with all orders in them. */
export type OpenBooks = Pick<Books, Participant>

/** Books as another transaction would open them. */
export function copyOf(
  { order, product, payment }: OpenBooks,
  ids: readonly string[],
  productIds: readonly string[],
): OpenBooks {
  return {
    order: copy(order, ids),
    product: new ReservationBook(copy(product.reservations, ids), copy(product.products, productIds)),
    payment: copy(payment, ids),
  }
}

function copy<S>(book: WorkingSet<S>, ids: readonly string[]): WorkingSet<S> {
  const rows = ids.map((id) => [id, book.find(id)] as const)
  return new WorkingSet(rows.filter((row): row is readonly [string, S] => row[1] !== undefined))
}

export function write(from: OpenBooks, to: OpenBooks): void {
  writeChanges(from.order, to.order)
  writeChanges(from.payment, to.payment)
  writeChanges(from.product.reservations, to.product.reservations)
  writeChanges(from.product.products, to.product.products)
}

function writeChanges<S>(from: WorkingSet<S>, to: WorkingSet<S>): void {
  for (const { id, after } of from.changes()) to.put(id, after)
}
