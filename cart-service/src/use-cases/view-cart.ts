import { type Id, type Queryable, statement } from '@order-saga/common'
import { type CartLine, priced } from '../domain/priced-cart'

interface Row extends Omit<CartLine, 'priceMinor'> {
  /** bigint arrives as text. */
  readonly priceMinor: string | null
}

const read = statement<Row>(
  'cart-view',
  `SELECT l.product_id AS "productId", l.quantity, p.name, p.price_minor AS "priceMinor", p.currency,
     coalesce(p.available, 0) AS available
   FROM cart_lines l LEFT JOIN products p ON p.product_id = l.product_id
   WHERE l.customer_id = $1 ORDER BY l.added_at, l.product_id`,
)

/** The customer's cart with the prices of this moment. */
export async function viewCart(db: Queryable, customerId: Id, currency: string) {
  const rows = await db.query(read, [customerId])
  const lines = rows.map((row) => ({ ...row, priceMinor: row.priceMinor === null ? null : Number(row.priceMinor) }))
  return priced(lines, currency)
}
