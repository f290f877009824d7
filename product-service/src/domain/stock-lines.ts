import { type Emission, type NewId, productBackInStock, productLowStock, tell } from '@order-saga/common'
import type { Shelf, ShelfProduct } from './shelf'

export const LOW_STOCK = 5

type Stocked = Pick<ShelfProduct, 'productId' | 'available' | 'isForSale' | 'version'>

/** What is told of a product's stock: that it crossed a line, and not every order. Nobody waits for what is not for sale. */
export function linesCrossed(before: number, now: Stocked, newId: NewId): Emission[] {
  const { productId, available, isForSale, version } = now
  if (!isForSale) return []
  if (before === 0 && available > 0) return [tell(productBackInStock, { productId, available, version }, newId())]
  const hasFallen = (before > LOW_STOCK && available <= LOW_STOCK) || (before > 0 && available === 0)
  return hasFallen ? [tell(productLowStock, { productId, available, threshold: LOW_STOCK, version }, newId())] : []
}

export const linesCrossedOnShelf = (before: Shelf, now: Shelf, newId: NewId): Emission[] =>
  Object.values(now).flatMap((product) =>
    linesCrossed(before[product.productId]?.available ?? product.available, product, newId),
  )
