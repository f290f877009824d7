import { type Change, type Envelope, type Id, statement, type Tx } from '@order-saga/common'
import type { Product } from '../domain/product'

interface Row {
  readonly product_id: Id
  readonly version: number
  readonly name: string | null
  /** bigint arrives as text. */
  readonly price_minor: string | null
  readonly currency: string | null
  readonly available: number
  readonly stock_version: number
  readonly is_deleted: boolean
}

const insertMissing = statement(
  'products-insert',
  'INSERT INTO products (product_id) SELECT id FROM unnest($1::uuid[]) AS n(id) ORDER BY id ON CONFLICT DO NOTHING',
)

const lock = statement<Row>(
  'products-lock',
  `SELECT product_id, version, name, price_minor, currency, available, stock_version, is_deleted
   FROM products
   WHERE product_id = ANY($1::uuid[]) ORDER BY product_id FOR UPDATE`,
)

const save = statement(
  'products-save',
  `UPDATE products p SET version = n.version, name = n.name, price_minor = n.price_minor, currency = n.currency,
     available = n.available, stock_version = n.stock_version, is_deleted = n.is_deleted
   FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::text[], $6::bigint[], $7::text[], $8::int[], $9::int[],
       $10::boolean[])
     AS n(product_id, expected_version, expected_stock_version, version, name, price_minor, currency, available,
       stock_version, is_deleted)
   WHERE p.product_id = n.product_id AND p.version = n.expected_version
     AND p.stock_version = n.expected_stock_version`,
)

export async function lockProducts(tx: Tx, events: readonly Envelope[]): Promise<(readonly [Id, Product])[]> {
  const ids = [...new Set(events.filter(({ type }) => type.startsWith('product.')).map(({ subject }) => subject))]
  if (ids.length === 0) return []
  const [, rows] = await Promise.all([tx.execute(insertMissing, [ids]), tx.query(lock, [ids])])
  return rows.map((row) => [row.product_id, toProduct(row)])
}

const toProduct = ({ version, name, price_minor, currency, ...row }: Row): Product => ({
  version,
  name,
  priceMinor: price_minor === null ? null : Number(price_minor),
  currency,
  available: row.available,
  stockVersion: row.stock_version,
  isDeleted: row.is_deleted,
})

export async function saveProducts(tx: Tx, changes: readonly Change<Product>[]): Promise<void> {
  if (changes.length === 0) return
  const column = <T>(pick: (product: Product) => T) => changes.map(({ after }) => pick(after))
  const values = [
    changes.map(({ id }) => id),
    changes.map(({ before }) => before.version),
    changes.map(({ before }) => before.stockVersion),
    column(({ version }) => version),
    column(({ name }) => name),
    column(({ priceMinor }) => priceMinor),
    column(({ currency }) => currency),
    column(({ available }) => available),
    column(({ stockVersion }) => stockVersion),
    column(({ isDeleted }) => isDeleted),
  ]
  await tx.write(save, values, changes.length)
}
