import { type Id, type Queryable, statement } from '@order-saga/common'
import type { Order } from '../domain/order'
import { COLUMNS, type OrderRecord, type OrderRow, toOrder } from './order-row'

export interface ListFilter {
  readonly limit: number
  /** Only orders older than this one. */
  readonly before: Id | undefined
  readonly status: Order['status'] | undefined
}

const list = statement<OrderRow>(
  'orders-list',
  `SELECT ${COLUMNS} FROM orders
   WHERE customer_id = $1 AND id < COALESCE($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') AND ($3::text IS NULL OR status = $3)
   ORDER BY id DESC LIMIT $4`,
)

/** A customer's orders, newest first: ids sort by time. */
export async function listOrders(
  db: Queryable,
  customerId: Id,
  { limit, before, status }: ListFilter,
): Promise<OrderRecord[]> {
  return (await db.query(list, [customerId, before ?? null, status ?? null, limit])).map(toOrder)
}
