import type { Database, Id } from '@order-saga/common'
import * as statements from '../db/product-statements'
import type { Product } from '../domain/product'

interface Wanted {
  readonly text?: string
  readonly category?: string
  readonly after?: Id
  readonly limit?: number
}

export const BEFORE_ALL: Id = '00000000-0000-7000-8000-000000000000'

/** By id, which never changes: nothing is shown twice or skipped however the catalogue changes between pages. */
export async function listProducts(
  database: Database,
  { text = '', category, after = BEFORE_ALL, limit = 20 }: Wanted,
): Promise<{ items: Product[]; next: Id | null }> {
  const values = [after, text, limit]
  const rows = await (category === undefined
    ? database.query(statements.listProducts, values)
    : database.query(statements.listCategory, [...values, category]))
  const items = rows.map(({ product }) => product)
  return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null }
}
