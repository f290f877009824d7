import { causeOf, type Decision, type EventOf, type productBackInStock, type productLowStock } from '@order-saga/common'
import type { CartBook } from '../db/cart-book'
import { learnAvailable, UNHEARD_OF } from '../domain/product'

type Crossing = EventOf<typeof productLowStock> | EventOf<typeof productBackInStock>

/** Others buy as well: a line may run short though nobody touched its product by hand. */
export const learnStock = ({ products }: CartBook, event: Crossing): Decision =>
  products.decide(event.data.productId, causeOf(event), (held = UNHEARD_OF) => learnAvailable(held, event.data))
