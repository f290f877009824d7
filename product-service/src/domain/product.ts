import type { DataOf, Id, productUpdated } from '@order-saga/common'

export interface Product {
  readonly id: Id
  readonly sku: string
  readonly name: string
  readonly description: string
  readonly category: string
  readonly priceMinor: number
  readonly currency: string
  readonly available: number
  readonly isActive: boolean
  /** Grows with every change, stock included: tells the newer of two copies. */
  readonly version: number
}

/** What other services keep of a product. One that is switched off shows as sold out: nobody can order it. */
export const snapshotOf = ({ id, available, isActive, ...product }: Product): DataOf<typeof productUpdated> => ({
  productId: id,
  sku: product.sku,
  name: product.name,
  category: product.category,
  priceMinor: product.priceMinor,
  currency: product.currency,
  available: isActive ? available : 0,
  version: product.version,
})
