import {
  type Change,
  type DataOf,
  type Envelope,
  type Id,
  type OrderLine,
  orderCancelled,
  orderCreated,
  statement,
  type Tx,
} from '@order-saga/common'
import type { CartOrder } from '../domain/cart-order'

interface Row {
  readonly order_id: Id
  readonly customer_id: Id
  readonly state: CartOrder['state']
  readonly taken: OrderLine[]
}

const insertMissing = statement(
  'cart-orders-insert',
  `INSERT INTO cart_orders (order_id, customer_id)
   SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS n(order_id, customer_id) ORDER BY order_id
   ON CONFLICT DO NOTHING`,
)

const lock = statement<Row>(
  'cart-orders-lock',
  `SELECT order_id, customer_id, state, taken FROM cart_orders
   WHERE order_id = ANY($1::uuid[]) ORDER BY order_id FOR UPDATE`,
)

const save = statement(
  'cart-orders-save',
  `UPDATE cart_orders SET state = n.state, taken = n.taken, updated_at = now()
   FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[]) AS n(order_id, expected_state, state, taken)
   WHERE cart_orders.order_id = n.order_id AND cart_orders.state = n.expected_state`,
)

/** What the events of an order have in common. */
export interface Ordered {
  readonly orderId: Id
  readonly customerId: Id
}

/** An order that was not made from a cart never touches one: there is nothing to lock. */
const touchesCart = ({ type, data }: Envelope): boolean =>
  type === orderCancelled.type || (type === orderCreated.type && (data as DataOf<typeof orderCreated>).fromCart)

export async function lockOrders(tx: Tx, events: readonly Envelope[]): Promise<(readonly [Id, CartOrder])[]> {
  const ordered = events.filter(touchesCart).map(({ data }) => data as Ordered)
  const customers = new Map(ordered.map(({ orderId, customerId }) => [orderId, customerId]))
  if (customers.size === 0) return []
  const ids = [...customers.keys()]
  const [, rows] = await Promise.all([tx.execute(insertMissing, [ids, [...customers.values()]]), tx.query(lock, [ids])])
  return rows.map(({ order_id, customer_id, state, taken }) => [order_id, { customerId: customer_id, state, taken }])
}

export async function saveOrders(tx: Tx, changes: readonly Change<CartOrder>[]): Promise<void> {
  if (changes.length === 0) return
  const values = [
    changes.map(({ id }) => id),
    changes.map(({ before }) => before.state),
    changes.map(({ after }) => after.state),
    changes.map(({ after }) => JSON.stringify(after.taken)),
  ]
  await tx.write(save, values, changes.length)
}
