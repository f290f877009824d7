import { newId, Problem, productCreated, type Tx } from '@order-saga/common'
import type { EntityManager } from 'typeorm'
import { ProductEntity, type ProductRow } from '../db/product-entity'
import { recordPrices, recordStock } from '../db/product-statements'
import { type Product, snapshotOf } from '../domain/product'
import type { Author } from './author'

export type NewProduct = Pick<Product, 'sku' | 'name' | 'category' | 'priceMinor'> &
  Partial<Pick<Product, 'description' | 'available'>>

export async function createProduct(
  tx: Tx,
  manager: EntityManager,
  { description = '', available = 0, ...wanted }: NewProduct,
  { adminId, cause, currency }: Author & { currency: string },
): Promise<ProductRow> {
  const product: ProductRow = {
    ...wanted,
    id: newId(),
    description,
    available,
    currency,
    isActive: true,
    deletedAt: null,
    version: 1,
    updatedAt: new Date(),
  }
  await manager.insert(ProductEntity, product).catch(refuseTakenSku)
  await tx.execute(recordStock, [[product.id], 'initial', [available], null, adminId])
  await tx.execute(recordPrices, [[product.id], [product.priceMinor], adminId])
  tx.concerns('createProduct')
  tx.emit(productCreated, snapshotOf(product), cause)
  return product
}

function refuseTakenSku(error: unknown): never {
  const isTaken = error instanceof Error && 'code' in error && error.code === '23505'
  throw isTaken ? new Problem(409, 'sku-taken', 'Another product has this SKU.') : error
}
