import type { orderCreated as created, Decide } from '@order-saga/common'
import type { CartBook } from '../db/cart-book'
import { orderCreated } from '../domain/cart-order'

/** What was ordered leaves the cart, as far as it is still there. */
export const takeLines: Decide<CartBook, typeof created> = (book, event) =>
  book.decide(event, (held) => orderCreated(held, event.data))
