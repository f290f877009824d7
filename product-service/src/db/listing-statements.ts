import { type Id, type Statement, statement } from '@order-saga/common'
import type { Product } from '../domain/product'
import type { Sort } from '../domain/sort'
import { VIEW } from './product-statements'

interface Listed {
  readonly product: Product
  /** What the list is sorted by, as text; null where that is the id. */
  readonly key: string | null
}

interface Listing {
  readonly all: Statement<Listed>
  readonly inCategory: Statement<Listed>
}

const FITTING = `deleted_at IS NULL AND is_active AND price_minor BETWEEN $5 AND $6 AND available >= $7
  AND ($3 = '' OR strpos(lower(name || ' ' || description), lower($3)) > 0)`

const BY_ID = 'SELECT $1::text AS key'
const BY_PRICE = 'SELECT price_minor::text AS key'
const BY_NAME = 'SELECT lower(name) AS key'

/** Two statements rather than one with an optional category, so that each keeps the plan it needs. */
const listing = (name: Sort, SELECT: string, AFTER: string, ORDER: string): Listing => ({
  all: statement(
    `products-by-${name}`,
    `${SELECT}, ${VIEW} AS product FROM products
     WHERE ${FITTING} AND $4::text IS NULL AND ${AFTER} ORDER BY ${ORDER} LIMIT $8`,
  ),
  inCategory: statement(
    `products-in-category-by-${name}`,
    `${SELECT}, ${VIEW} AS product FROM products
     WHERE ${FITTING} AND category = $4 AND ${AFTER} ORDER BY ${ORDER} LIMIT $8`,
  ),
})

/** $1 and $2: key and id where the page before ended, null and an id beyond all on the first; $3 to $8 as in `FITTING`. */
export const listings: Readonly<Record<Sort, Listing>> = {
  id: listing('id', BY_ID, 'id > $2', 'id'),
  '-id': listing('-id', BY_ID, 'id < $2', 'id DESC'),
  price: listing(
    'price',
    BY_PRICE,
    '($1::bigint IS NULL OR (price_minor, id) > ($1::bigint, $2::uuid))',
    'price_minor, id',
  ),
  '-price': listing(
    '-price',
    BY_PRICE,
    '($1::bigint IS NULL OR (price_minor, id) < ($1::bigint, $2::uuid))',
    'price_minor DESC, id DESC',
  ),
  name: listing('name', BY_NAME, '($1::text IS NULL OR (lower(name), id) > ($1::text, $2::uuid))', 'lower(name), id'),
  '-name': listing(
    '-name',
    BY_NAME,
    '($1::text IS NULL OR (lower(name), id) < ($1::text, $2::uuid))',
    'lower(name) DESC, id DESC',
  ),
}

export interface Category {
  readonly category: string
  readonly products: number
}

export const listCategories = statement<Category>(
  'categories-list',
  `SELECT category, count(*)::int AS products FROM products WHERE deleted_at IS NULL AND is_active
   GROUP BY category ORDER BY category LIMIT 1000`,
)

export interface LowStock {
  readonly id: Id
  readonly sku: string
  readonly name: string
  readonly category: string
  readonly available: number
  readonly reserved: number
  readonly isActive: boolean
}

export const listLowStock = statement<LowStock>(
  'low-stock-list',
  `SELECT id, sku, name, category, available, reserved, is_active AS "isActive" FROM products
   WHERE id > $1 AND deleted_at IS NULL AND available <= $2 ORDER BY id LIMIT $3`,
)

export interface PastPrice {
  readonly priceMinor: number
  readonly validFrom: string
  readonly changedBy: Id | null
}

export const listPrices = statement<{ past: PastPrice }>(
  'prices-list',
  `SELECT json_build_object(
     'priceMinor', price_minor, 'changedBy', changed_by,
     'validFrom', to_char(valid_from AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
   ) AS past FROM price_history
   WHERE product_id = $1 AND valid_from < coalesce($2::timestamptz, 'infinity')
   ORDER BY valid_from DESC LIMIT $3`,
)

export interface Movement {
  readonly id: number
  readonly kind: 'initial' | 'restock' | 'adjust'
  readonly quantity: number
  readonly reason: string | null
  readonly changedBy: Id | null
  readonly at: string
}

/** Those of orders are told by their reservations. */
export const listMovements = statement<{ movement: Movement }>(
  'movements-list',
  `SELECT json_build_object(
     'id', id, 'kind', kind, 'quantity', quantity, 'reason', reason, 'changedBy', changed_by,
     'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
   ) AS movement FROM stock_movements
   WHERE product_id = $1 AND order_id IS NULL AND id < coalesce($2::bigint, 9223372036854775807)
   ORDER BY id DESC LIMIT $3`,
)
