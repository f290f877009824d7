import { causeOf, type Decide, type productCreated } from '@order-saga/common'
import type { CartBook } from '../db/cart-book'
import { learn, UNHEARD_OF } from '../domain/product'

/** Names and prices are kept here, so that no cart has to ask the catalogue. */
export const learnProduct: Decide<CartBook, typeof productCreated> = ({ products }, event) =>
  products.decide(event.data.productId, causeOf(event), (held = UNHEARD_OF) => learn(held, event.data))
