import {
  on,
  orderCancelled,
  orderCreated,
  productBackInStock,
  productCreated,
  productDeleted,
  productLowStock,
  productUpdated,
  type Saga,
} from '@order-saga/common'
import { type CartBook, closeBook, openBook } from './db/cart-book'
import { forgetProduct } from './use-cases/forget-product'
import { learnProduct } from './use-cases/learn-product'
import { learnStock } from './use-cases/learn-stock'
import { returnLines } from './use-cases/return-lines'
import { takeLines } from './use-cases/take-lines'

/** Everything cart-service does because of somebody else's event. It tells nothing itself. */
export const saga: Saga<CartBook> = {
  open: openBook,
  close: closeBook,
  steps: [
    on(orderCreated, takeLines),
    on(orderCancelled, returnLines, { compensates: 'takeLines' }),
    on(productCreated, learnProduct),
    on(productUpdated, learnProduct),
    on(productLowStock, learnStock),
    on(productBackInStock, learnStock),
    on(productDeleted, forgetProduct),
  ],
}
