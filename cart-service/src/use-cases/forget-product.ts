import { causeOf, type Decide, type productDeleted } from '@order-saga/common'
import type { CartBook } from '../db/cart-book'
import { forget, UNHEARD_OF } from '../domain/product'

/** A product that left the catalogue stays in carts, with its last name and price, but cannot be bought. */
export const forgetProduct: Decide<CartBook, typeof productDeleted> = ({ products }, event) =>
  products.decide(event.data.productId, causeOf(event), (held = UNHEARD_OF) => forget(held, event.data))
