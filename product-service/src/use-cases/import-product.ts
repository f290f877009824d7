import { Problem, type Tx } from '@order-saga/common'
import type { EntityManager } from 'typeorm'
import { ProductEntity, type ProductRow } from '../db/product-entity'
import type { Author } from './author'
import { createProduct, type NewProduct } from './create-product'
import { type ProductChanges, updateProduct } from './update-product'

export interface Imported {
  readonly outcome: 'created' | 'changed' | 'unchanged'
  readonly product: ProductRow
}

const FIELDS = ['name', 'description', 'category', 'priceMinor'] as const

/**
 * A line of a file: adds the product, or makes the one with this SKU what the line says. The same line again changes
 * nothing, so that a file can be imported once more after an interruption. Stock is what a new product begins with;
 * that of a known one moves only by deliveries and corrections.
 */
export async function importProduct(
  tx: Tx,
  manager: EntityManager,
  line: NewProduct,
  author: Author & { currency: string },
): Promise<Imported> {
  const { sku } = line
  const known = await manager.findOne(ProductEntity, { where: { sku }, lock: { mode: 'pessimistic_write' } })
  if (!known) return { outcome: 'created', product: await createProduct(tx, manager, line, author) }
  if (known.deletedAt) throw new Problem(409, 'sku-taken', 'A product that was deleted has this SKU.')
  const changed = FIELDS.filter((field) => line[field] !== undefined && line[field] !== known[field])
  if (changed.length === 0) return { outcome: 'unchanged', product: known }
  const changes: ProductChanges = Object.fromEntries(changed.map((field) => [field, line[field]]))
  const product = await updateProduct(tx, manager, { id: known.id, changes, isCurrent: () => true }, author)
  return { outcome: 'changed', product }
}
