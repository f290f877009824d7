import { type Change, type Id, statement, type Tx } from '@order-saga/common'
import type { Cart } from '../domain/cart'

interface LineRow {
  readonly customer_id: Id
  readonly product_id: Id
  readonly quantity: number
}

const insertMissing = statement(
  'carts-insert',
  'INSERT INTO carts (customer_id) SELECT id FROM unnest($1::uuid[]) AS n(id) ORDER BY id ON CONFLICT DO NOTHING',
)

const lock = statement(
  'carts-lock',
  'SELECT FROM carts WHERE customer_id = ANY($1::uuid[]) ORDER BY customer_id FOR UPDATE',
)

// a statement of its own: it must see what the last holder of the locks has committed
const readLines = statement<LineRow>(
  'cart-lines-read',
  'SELECT customer_id, product_id, quantity FROM cart_lines WHERE customer_id = ANY($1::uuid[])',
)

const insertLines = statement(
  'cart-lines-insert',
  `INSERT INTO cart_lines (customer_id, product_id, quantity, seen_price_minor, was_available)
   SELECT n.customer_id, n.product_id, n.quantity, p.price_minor, coalesce(p.available, 0) >= n.quantity
   FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS n(customer_id, product_id, quantity)
   LEFT JOIN products p ON p.product_id = n.product_id`,
)

const updateLines = statement(
  'cart-lines-update',
  `UPDATE cart_lines l SET quantity = n.quantity, changed_at = now()
   FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) AS n(customer_id, product_id, quantity, expected)
   WHERE l.customer_id = n.customer_id AND l.product_id = n.product_id AND l.quantity = n.expected`,
)

const deleteLines = statement(
  'cart-lines-delete',
  `DELETE FROM cart_lines l USING unnest($1::uuid[], $2::uuid[], $3::int[]) AS n(customer_id, product_id, expected)
   WHERE l.customer_id = n.customer_id AND l.product_id = n.product_id AND l.quantity = n.expected`,
)

const agree = statement(
  'cart-lines-agree',
  `UPDATE cart_lines l SET changed_at = now(),
     seen_price_minor = (SELECT price_minor FROM products p WHERE p.product_id = l.product_id),
     was_available = coalesce((SELECT available >= l.quantity FROM products p WHERE p.product_id = l.product_id), false)
   WHERE customer_id = $1 AND product_id = $2`,
)

/** The customer takes the line as it is now: what changed before is not told any more. */
export const agreeToLine = (tx: Tx, customerId: Id, productId: Id): Promise<number> =>
  tx.execute(agree, [customerId, productId])

/** Carts that do not exist yet are made, since only a row can be locked. */
export async function lockCarts(tx: Tx, customerIds: readonly Id[]): Promise<(readonly [Id, Cart])[]> {
  if (customerIds.length === 0) return []
  const values = [customerIds]
  const [, , rows] = await Promise.all([
    tx.execute(insertMissing, values),
    tx.execute(lock, values),
    tx.query(readLines, values),
  ])
  const carts = new Map(customerIds.map((id) => [id, new Map<Id, number>()]))
  for (const { customer_id, product_id, quantity } of rows) carts.get(customer_id)?.set(product_id, quantity)
  return [...carts]
}

interface LineChange {
  readonly customerId: Id
  readonly productId: Id
  readonly before: number | undefined
  readonly after: number | undefined
}

/** Must run in the transaction that holds the carts' locks. */
export async function saveCarts(tx: Tx, changes: readonly Omit<Change<Cart>, 'cause'>[]): Promise<void> {
  const lines = changes.flatMap(({ id, before, after }) => lineChanges(id, before, after))
  const added = lines.filter(({ before }) => before === undefined)
  const gone = lines.filter(({ after }) => after === undefined)
  const moved = lines.filter(({ before, after }) => before !== undefined && after !== undefined)
  await Promise.all([
    write(tx, insertLines, added, [({ after }) => after]),
    write(tx, deleteLines, gone, [({ before }) => before]),
    write(tx, updateLines, moved, [({ after }) => after, ({ before }) => before]),
  ])
}

function lineChanges(customerId: Id, before: Cart, after: Cart): LineChange[] {
  const products = [...new Set([...before.keys(), ...after.keys()])].sort()
  return products
    .map((productId) => ({ customerId, productId, before: before.get(productId), after: after.get(productId) }))
    .filter((line) => line.before !== line.after)
}

type Quantity = (line: LineChange) => number | undefined

async function write(tx: Tx, statement: typeof insertLines, lines: readonly LineChange[], quantities: Quantity[]) {
  if (lines.length === 0) return
  const keys = [lines.map(({ customerId }) => customerId), lines.map(({ productId }) => productId)]
  await tx.write(statement, [...keys, ...quantities.map((quantity) => lines.map(quantity))], lines.length)
}
