import { type Id, type Queryable, statement } from '@order-saga/common'

export interface OrderRow {
  readonly orderId: Id
  readonly status: 'pending' | 'paid' | 'cancelled'
  readonly reason: string | null
  readonly placedAt: Date
  readonly endedAt: Date | null
}

// Two fences for the planner, which knows nothing of a day that has just begun: the latest are taken first, twice
// as many as anybody may ask for since repeats are among them, and verdicts are looked for by order only (OFFSET 0).
const latest = statement<OrderRow>(
  'orders-latest',
  `WITH placed AS MATERIALIZED (
     SELECT id, order_id, occurred_at, repeats FROM journal WHERE type = 'order.created' ORDER BY id DESC LIMIT 400
   )
   SELECT placed.order_id AS "orderId", placed.occurred_at AS "placedAt", ended.occurred_at AS "endedAt", ended.reason,
     CASE ended.type WHEN 'order.paid' THEN 'paid' WHEN 'order.cancelled' THEN 'cancelled' ELSE 'pending' END AS status
   FROM placed
   LEFT JOIN LATERAL (
     SELECT type, occurred_at, data ->> 'reason' AS reason
     FROM (SELECT * FROM journal WHERE order_id = placed.order_id OFFSET 0) heard
     WHERE type IN ('order.paid', 'order.cancelled') ORDER BY id LIMIT 1
   ) ended ON true
   WHERE placed.repeats IS NULL
   ORDER BY placed.id DESC LIMIT $1`,
)

/** Newest first. */
export const latestOrders = (db: Queryable, limit: number): Promise<OrderRow[]> => db.query(latest, [limit])

export interface Statistics {
  readonly placed: number
  readonly paid: number
  readonly cancelled: number
  readonly cancelledBy: Readonly<Record<string, number>>
  /** Null while no order has ended. */
  readonly msToEnd: { readonly p50: number; readonly p95: number; readonly p99: number } | null
}

// Orders, not events: a fact told twice counts once, by its order.
const count = statement<Omit<Statistics, 'msToEnd'> & { percentiles: [number, number, number] | null }>(
  'orders-count',
  `WITH orders AS (
     SELECT order_id,
       min(occurred_at) FILTER (WHERE type = 'order.created') AS placed_at,
       min(occurred_at) FILTER (WHERE type <> 'order.created') AS ended_at,
       bool_or(type = 'order.paid') AS is_paid,
       min(CASE type WHEN 'order.cancelled' THEN data ->> 'reason' END) AS reason
     FROM journal
     WHERE type IN ('order.created', 'order.paid', 'order.cancelled') AND repeats IS NULL
       AND id >= id_floor(now() - $1 * interval '1 minute')
     GROUP BY order_id
   ), reasons AS (
     SELECT reason, count(*)::int AS orders FROM orders WHERE reason IS NOT NULL GROUP BY reason
   )
   SELECT count(placed_at)::int AS placed, count(*) FILTER (WHERE is_paid)::int AS paid, count(reason)::int AS cancelled,
     (SELECT coalesce(json_object_agg(reason, orders ORDER BY reason), '{}') FROM reasons) AS "cancelledBy",
     percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - placed_at) * 1000)
       AS percentiles
   FROM orders`,
)

export async function countOrders(db: Queryable, minutes: number): Promise<Statistics> {
  const [row] = await db.query(count, [minutes])
  if (!row) throw new Error('an aggregate without a row')
  const { percentiles, ...counts } = row
  if (!percentiles) return { ...counts, msToEnd: null }
  const [p50, p95, p99] = percentiles
  return { ...counts, msToEnd: { p50, p95, p99 } }
}
