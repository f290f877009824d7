import { type Id, productDeleted, type Tx } from '@order-saga/common'
import type { EntityManager } from 'typeorm'
import { ProductEntity, type ProductRow } from '../db/product-entity'
import type { Author } from './author'
import { type IsCurrent, lockLive, refuseStale } from './update-product'

/** The row stays: orders that hold or bought it refer to it. */
export async function deleteProduct(
  tx: Tx,
  manager: EntityManager,
  { id, isCurrent }: { readonly id: Id; readonly isCurrent: IsCurrent },
  { cause }: Author,
): Promise<ProductRow> {
  const before = await lockLive(manager, id)
  if (!isCurrent(before)) refuseStale()
  const now = new Date()
  const after: ProductRow = { ...before, version: before.version + 1, deletedAt: now, updatedAt: now }
  await manager.update(ProductEntity, { id }, { version: after.version, deletedAt: now, updatedAt: now })
  tx.concerns('deleteProduct')
  tx.emit(productDeleted, { productId: id, version: after.version }, cause)
  return after
}
