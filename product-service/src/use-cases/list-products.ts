import { type Database, type Id, MAX_MINOR, Problem } from '@order-saga/common'
import { listings } from '../db/listing-statements'
import type { Product } from '../domain/product'
import type { Place, Sort } from '../domain/sort'

export interface Wanted {
  readonly text?: string
  readonly category?: string
  readonly minPriceMinor?: number
  readonly maxPriceMinor?: number
  readonly isInStock?: boolean
  readonly sort: Sort
  readonly after?: Place | undefined
  readonly limit?: number
}

export const BEFORE_ALL: Id = '00000000-0000-7000-8000-000000000000'
const AFTER_ALL: Id = 'ffffffff-ffff-7fff-bfff-ffffffffffff'

/**
 * Sorted by something and then by id, and a page begins where the one before ended, not at a number of rows: nothing is
 * shown twice or skipped but what changes its own place in between.
 */
export async function listProducts(
  database: Database,
  { text = '', minPriceMinor = 0, maxPriceMinor = MAX_MINOR, ...wanted }: Wanted,
): Promise<{ items: Product[]; next: Place | null }> {
  if (minPriceMinor > maxPriceMinor) throw new Problem(400, 'validation', 'minPriceMinor is above maxPriceMinor.')
  const { category, isInStock = false, sort, limit = 20 } = wanted
  const { key, id } = wanted.after ?? { key: null, id: sort === '-id' ? AFTER_ALL : BEFORE_ALL }
  const { all, inCategory } = listings[sort]
  const values = [key, id, text, category ?? null, minPriceMinor, maxPriceMinor, isInStock ? 1 : 0, limit]
  const rows = await database.query(category === undefined ? all : inCategory, values)
  const items = rows.map(({ product }) => product)
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { items, next: last ? { key: last.key, id: last.product.id } : null }
}
