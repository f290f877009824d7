import { type Id, statement } from '@order-saga/common'
import type { Product } from '../domain/product'

export const VIEW = `json_build_object(
  'id', id, 'sku', sku, 'name', name, 'description', description, 'category', category, 'priceMinor', price_minor,
  'currency', currency, 'available', available, 'isActive', is_active, 'version', version
)`

export interface Loaded {
  readonly version: number
  readonly isDeleted: boolean
  readonly product: Product
}

export const findProduct = statement<Loaded>(
  'product-find',
  `SELECT version, deleted_at IS NOT NULL AS "isDeleted", ${VIEW} AS product FROM products WHERE id = $1`,
)

export interface Inventory {
  readonly productId: Id
  readonly available: number
  readonly reserved: number
  readonly sold: number
}

export const findInventory = statement<Inventory>(
  'inventory-find',
  `SELECT id AS "productId", available, reserved, sold FROM products WHERE id = $1 AND deleted_at IS NULL`,
)

/** Relative: reservations may be taking stock at the same moment. */
export const addStock = statement<{ product: Product }>(
  'product-add-stock',
  `UPDATE products SET available = available + $2, version = version + 1, updated_at = now()
   WHERE id = $1 AND deleted_at IS NULL RETURNING ${VIEW} AS product`,
)

export const recordStock = statement(
  'movements-by-hand',
  `INSERT INTO stock_movements (product_id, kind, quantity, reason, changed_by)
   SELECT id, $2, quantity, $4, $5::uuid FROM unnest($1::uuid[], $3::int[]) AS moved(id, quantity)`,
)

export const recordPrices = statement(
  'prices-record',
  `INSERT INTO price_history (product_id, price_minor, changed_by)
   SELECT id, price, $3 FROM unnest($1::uuid[], $2::bigint[]) AS changed(id, price)`,
)

export const listLive = statement<{ product: Product }>(
  'products-live',
  `SELECT ${VIEW} AS product FROM products WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2`,
)
