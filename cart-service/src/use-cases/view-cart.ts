import { type Id, type Queryable, statement } from '@order-saga/common'
import { type CartLine, priced } from '../domain/priced-cart'

interface Row extends Omit<CartLine, 'priceMinor' | 'seenPriceMinor'> {
  /** bigint arrives as text. */
  readonly priceMinor: string | null
  readonly seenPriceMinor: string | null
}

const read = statement<Row>(
  'cart-view',
  `SELECT l.product_id AS "productId", l.quantity, p.name, p.price_minor AS "priceMinor", p.currency,
     coalesce(p.available, 0) AS available,
     l.seen_price_minor AS "seenPriceMinor", l.was_available AS "wasAvailable"
   FROM cart_lines l LEFT JOIN products p ON p.product_id = l.product_id
   WHERE l.customer_id = $1 ORDER BY l.added_at, l.product_id`,
)

/** The customer's cart with the prices of this moment. */
export async function viewCart(db: Queryable, customerId: Id, currency: string) {
  const rows = await db.query(read, [customerId])
  const lines = rows.map((row) => ({
    ...row,
    priceMinor: numberOf(row.priceMinor),
    seenPriceMinor: numberOf(row.seenPriceMinor),
  }))
  return priced(lines, currency)
}

const numberOf = (text: string | null): number | null => (text === null ? null : Number(text))
