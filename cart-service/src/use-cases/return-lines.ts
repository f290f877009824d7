import type { orderCancelled as cancelled, Decide } from '@order-saga/common'
import type { CartBook } from '../db/cart-book'
import { orderCancelled } from '../domain/cart-order'

/** Nothing was bought: the customer finds in the cart what the order took. */
export const returnLines: Decide<CartBook, typeof cancelled> = (book, event) => book.decide(event, orderCancelled) // compensates takeLines
