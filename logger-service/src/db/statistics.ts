import { type Queryable, statement } from '@order-saga/common'

interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface Minute {
  readonly at: string
  readonly placed: number
  readonly paid: number
  readonly cancelled: number
  /** null while none of them has ended. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

/** What became of the orders that were placed in the last minutes. */
export interface Statistics {
  readonly placed: number
  readonly paid: number
  readonly cancelled: number
  readonly cancelledBy: Readonly<Record<string, number>>
  /** null while no order has ended. */
  readonly msToEnd: Percentiles | null
  readonly ordersPerS: number
  /** Of the orders that have ended; null while there is none. */
  readonly successRate: number | null
  /** Of the paid ones. */
  readonly averageOrderValueMinor: number | null
  /** Of the payments that were answered. */
  readonly paymentSuccessRate: number | null
  readonly byMinute: Minute[]
}

type Trio = readonly [number, number, number] | null
interface Counts {
  readonly minute: string | null
  readonly placed: number
  readonly paid: number
  readonly cancelled: number
  readonly charged: number
  readonly declined: number
  readonly value: number | null
  readonly percentiles: Trio
}

const FROM = `FROM journeys WHERE id >= id_floor(now() - $1 * interval '1 minute')`
// an id begins with its milliseconds since 1970
const MINUTE = `date_trunc('minute', to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0), 'UTC')`

const count = statement<Counts>(
  'statistics',
  `SELECT to_char(minute AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"') AS minute, count(*)::int AS placed,
     count(*) FILTER (WHERE status = 'paid')::int AS paid, count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled,
     count(*) FILTER (WHERE heard & 16 <> 0)::int AS charged, count(*) FILTER (WHERE heard & 32 <> 0)::int AS declined,
     avg(total_minor) FILTER (WHERE status = 'paid')::float8 AS value,
     percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - placed_at) * 1000)
       AS percentiles
   FROM (SELECT *, ${MINUTE} AS minute ${FROM}) orders
   GROUP BY GROUPING SETS ((), (minute)) ORDER BY minute NULLS FIRST`,
)

const reasons = statement<{ reason: string; orders: number }>(
  'statistics-reasons',
  `SELECT reason, count(*)::int AS orders ${FROM} AND reason IS NOT NULL GROUP BY reason ORDER BY reason`,
)

export async function countOrders(db: Queryable, minutes: number): Promise<Statistics> {
  const [[all, ...byMinute], why] = await Promise.all([db.query(count, [minutes]), db.query(reasons, [minutes])])
  if (!all) throw new Error('an aggregate without a row')
  const { placed, paid, cancelled, charged, declined, value, percentiles } = all
  return {
    placed,
    paid,
    cancelled,
    cancelledBy: Object.fromEntries(why.map(({ reason, orders }) => [reason, orders])),
    msToEnd: percentiles && { p50: percentiles[0], p95: percentiles[1], p99: percentiles[2] },
    ordersPerS: placed / (minutes * 60),
    successRate: rate(paid, cancelled),
    averageOrderValueMinor: value === null ? null : Math.round(value),
    paymentSuccessRate: rate(charged, declined),
    byMinute: byMinute.map(minuteOf),
  }
}

const rate = (good: number, bad: number): number | null => (good + bad === 0 ? null : good / (good + bad))

function minuteOf({ minute, placed, paid, cancelled, percentiles }: Counts): Minute {
  const [p50Ms, p95Ms, p99Ms] = percentiles ?? [null, null, null]
  return { at: minute ?? '', placed, paid, cancelled, p50Ms, p95Ms, p99Ms }
}
