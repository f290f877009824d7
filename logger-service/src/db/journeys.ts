import { type Id, type Queryable, statement, type Tx } from '@order-saga/common'
import type { Status } from '../domain/expectation'
import type { Projected } from '../domain/projection'
import { findNewest } from './find-newest'

// The same as `merge` of the projection. A row that would stay as it is is not written: nobody is told of it either.
const IS_FIRST = "told.verdict_id < coalesce(j.verdict_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')"
const merged: Readonly<Record<string, string>> = {
  customer_id: 'least(j.customer_id, told.customer_id)',
  heard: 'j.heard | told.heard',
  verdict_id: 'least(j.verdict_id, told.verdict_id)',
  status: `CASE WHEN ${IS_FIRST} THEN told.status ELSE j.status END`,
  reason: `CASE WHEN ${IS_FIRST} THEN told.reason ELSE j.reason END`,
  ended_at: `CASE WHEN ${IS_FIRST} THEN told.ended_at ELSE j.ended_at END`,
  placed_at: 'least(j.placed_at, told.placed_at)',
  deadline_at: 'least(j.deadline_at, told.deadline_at)',
  moved_at: 'greatest(j.moved_at, told.moved_at)',
  total_minor: 'least(j.total_minor, told.total_minor)',
  currency: 'least(j.currency, told.currency)',
}
const columns = Object.keys(merged)
const set = Object.entries(merged).map(([column, value]) => `${column} = ${value}`)

const upsert = statement(
  'journeys-upsert',
  `INSERT INTO journeys AS j (id, ${columns.join()})
   SELECT * FROM json_to_recordset($1::json) AS row("orderId" uuid, "customerId" uuid, heard int, "verdictId" uuid,
     status text, reason text, "endedAt" timestamptz, "placedAt" timestamptz, "deadlineAt" timestamptz,
     "movedAt" timestamptz, "totalMinor" bigint, currency text)
   ORDER BY "orderId"
   ON CONFLICT (id) DO UPDATE SET ${set.join()}, changed_in = pg_current_xact_id()
   WHERE (${columns.map((column) => `j.${column}`).join()}) IS DISTINCT FROM (${Object.values(merged).join()})`.replaceAll(
    'told.',
    'excluded.',
  ),
)

/** In the transaction that writes the events down. */
export async function upsertJourneys(tx: Tx, rows: readonly Projected[]): Promise<void> {
  if (rows.length > 0) await tx.execute(upsert, [JSON.stringify(rows)])
}

export interface JourneyRow {
  readonly orderId: Id
  readonly customerId: Id | null
  readonly heard: number
  readonly status: Status
  readonly reason: string | null
  readonly placedAt: Date | null
  readonly endedAt: Date | null
  readonly deadlineAt: Date | null
  readonly movedAt: Date | null
  readonly totalMinor: number | null
  readonly currency: string | null
}

export const JOURNEY_COLUMNS = `id AS "orderId", customer_id AS "customerId", heard, status, reason, placed_at AS "placedAt",
  ended_at AS "endedAt", deadline_at AS "deadlineAt", moved_at AS "movedAt", total_minor::float8 AS "totalMinor", currency`

// word by word the condition of the index, which is what lets the planner use it
const OPEN = `(status = 'pending' OR (status = 'cancelled' AND (heard & 10 = 2 OR heard & 80 = 16)))`

export interface JourneyFilter {
  readonly status?: string
  readonly reason?: string
  readonly customerId?: Id
  /** Placed longer ago. */
  readonly olderThanS?: number
  /** Without a step for so many seconds, or late, and somebody has something to do. */
  readonly stuckForS?: number
  /** The smallest and the largest id that begin as wanted. */
  readonly from?: Id
  readonly to?: Id
  readonly after?: Id
}

const conditions: Readonly<Record<keyof JourneyFilter, string>> = {
  status: 'status = $',
  reason: 'reason = $',
  customerId: 'customer_id = $',
  olderThanS: `id < id_floor(now() - $ * interval '1 second')`,
  stuckForS: `${OPEN} AND (coalesce(moved_at, placed_at, '-infinity') < now() - $ * interval '1 second' OR (status = 'pending' AND deadline_at < now()))`,
  from: 'id >= $',
  to: 'id <= $',
  after: 'id < $',
}

/** Newest first, one more than asked for, which says that there is a next page. */
export const findJourneys = (db: Queryable, filter: JourneyFilter, limit: number): Promise<JourneyRow[]> =>
  findNewest<JourneyRow>(
    db,
    { name: 'journeys', columns: JOURNEY_COLUMNS, from: 'journeys', conditions },
    filter,
    limit,
  )
