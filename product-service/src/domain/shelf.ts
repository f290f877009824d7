import type { Id, OrderLine } from '@order-saga/common'

/** What a reservation needs to know of a product, read and locked in its own transaction. */
export interface ShelfProduct {
  readonly productId: Id
  readonly name: string
  readonly unitPriceMinor: number
  readonly currency: string
  /** Neither deleted nor switched off, and priced in the shop's currency. */
  readonly isForSale: boolean
  readonly available: number
  readonly reserved: number
  readonly sold: number
  /** One more with every decision that moves it, so that two of one batch are told in sequence. */
  readonly version: number
}

/** Product rows by id. A product that is not on it does not exist. */
export type Shelf = Readonly<Record<Id, ShelfProduct>>

type Pile = 'available' | 'reserved' | 'sold'
type Counted = Omit<ShelfProduct, Pile> & Record<Pile, number>

const mover = (from: Pile, to: Pile) => (shelf: Shelf, lines: readonly OrderLine[]) => {
  const moved: Record<Id, ShelfProduct> = { ...shelf }
  for (const { productId, quantity } of lines) {
    const product = moved[productId]
    // products are never removed from the table, so a line that was held has its row
    if (!product) throw new Error(`product ${productId} is not on the shelf`)
    const counted: Counted = { ...product, version: product.version + 1 }
    counted[from] -= quantity
    counted[to] += quantity
    moved[productId] = counted
  }
  return moved
}

export const hold = mover('available', 'reserved')
export const giveBack = mover('reserved', 'available')
export const handOver = mover('reserved', 'sold')
