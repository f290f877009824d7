import { type Id, notFound, Problem, productUpdated, type Tx } from '@order-saga/common'
import { type EntityManager, IsNull } from 'typeorm'
import { ProductEntity, type ProductRow } from '../db/product-entity'
import { recordPrices } from '../db/product-statements'
import { type Product, snapshotOf } from '../domain/product'
import type { Author } from './author'

export type ProductChanges = Partial<Pick<Product, 'name' | 'description' | 'category' | 'priceMinor' | 'isActive'>>

/** Whether the product is still what whoever changes it has seen. */
export type IsCurrent = (product: Pick<Product, 'version'>) => boolean

export interface Change {
  readonly id: Id
  readonly changes: ProductChanges
  readonly isCurrent: IsCurrent
}

/** Locks the row, since the new version is the old one plus one. Stock is not among the changes: it moves relatively. */
export async function updateProduct(
  tx: Tx,
  manager: EntityManager,
  { id, changes, isCurrent }: Change,
  { adminId, cause }: Author,
): Promise<ProductRow> {
  const before = await lockLive(manager, id)
  if (!isCurrent(before)) refuseStale()
  const after: ProductRow = { ...before, ...changes, version: before.version + 1, updatedAt: new Date() }
  await manager.update(ProductEntity, { id }, { ...changes, version: after.version, updatedAt: after.updatedAt })
  if (after.priceMinor !== before.priceMinor) await tx.execute(recordPrices, [[id], [after.priceMinor], adminId])
  tx.concerns('updateProduct')
  tx.emit(productUpdated, snapshotOf(after), cause)
  return after
}

export async function lockLive(manager: EntityManager, id: Id): Promise<ProductRow> {
  const where = { id, deletedAt: IsNull() }
  const product = await manager.findOne(ProductEntity, { where, lock: { mode: 'pessimistic_write' } })
  if (!product) throw notFound('product')
  return product
}

export function refuseStale(): never {
  throw new Problem(412, 'stale-version', 'The product has changed since: read it again.')
}
