import { type CancelReason, type Id, type Queryable, type RefundState, statement } from '@order-saga/common'
import type { Order } from '../domain/order'
import { COLUMNS, type OrderRecord, type OrderRow, toOrder } from './order-row'

export interface ListFilter {
  readonly limit: number
  /** Only orders older than this one. */
  readonly before?: Id | undefined
  readonly status?: Order['status'] | undefined
  readonly reason?: CancelReason | undefined
  readonly refund?: RefundState | undefined
  readonly minAgeS?: number | undefined
  readonly maxAgeS?: number | undefined
}

const MATCHING = `id < COALESCE($1::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') AND ($2::text IS NULL OR status = $2)
     AND ($3::text IS NULL OR reason = $3) AND ($4::text IS NULL OR refund = $4)
     AND ($5::int IS NULL OR created_at <= now() - $5 * interval '1 s') AND ($6::int IS NULL OR created_at >= now() - $6 * interval '1 s')`

const list = statement<OrderRow>(
  'orders-list',
  `SELECT ${COLUMNS} FROM orders WHERE ${MATCHING} AND customer_id = $8 ORDER BY id DESC LIMIT $7`,
)

// along the primary key: an index on what changes would make every verdict write all indexes
const search = statement<OrderRow>(
  'orders-search',
  `SELECT ${COLUMNS} FROM orders WHERE ${MATCHING} ORDER BY id DESC LIMIT $7`,
)

const valuesOf = ({ limit, before, status, reason, refund, minAgeS, maxAgeS }: ListFilter) => [
  before ?? null,
  status ?? null,
  reason ?? null,
  refund ?? null,
  minAgeS ?? null,
  maxAgeS ?? null,
  limit,
]

/** A customer's orders, newest first: ids sort by time. */
export async function listOrders(db: Queryable, customerId: Id, filter: ListFilter): Promise<OrderRecord[]> {
  return (await db.query(list, [...valuesOf(filter), customerId])).map(toOrder)
}

/** Everybody's orders, newest first. */
export async function searchOrders(db: Queryable, filter: ListFilter): Promise<OrderRecord[]> {
  return (await db.query(search, valuesOf(filter))).map(toOrder)
}
