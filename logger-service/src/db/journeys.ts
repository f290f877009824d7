import { type Id, type Queryable, statement, type Tx } from '@order-saga/common'
import type { Status } from '../domain/expectation'
import type { Projected } from '../domain/projection'
import { HERE, MAX_NEWS, type NewsStatement } from './feed'
import { findNewest } from './find-newest'

const ROW = `customer_id, heard, verdict_id, status, reason, ended_at, placed_at, deadline_at, moved_at, total_minor, currency`
const KNOWN = `j.customer_id, j.heard, j.verdict_id, j.status, j.reason, j.ended_at, j.placed_at, j.deadline_at, j.moved_at,
  j.total_minor, j.currency`

// the same as `merge` of the projection
const IS_FIRST = `excluded.verdict_id < coalesce(j.verdict_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')`
const MERGED = `least(j.customer_id, excluded.customer_id),
  j.heard | excluded.heard,
  least(j.verdict_id, excluded.verdict_id),
  CASE WHEN ${IS_FIRST} THEN excluded.status ELSE j.status END,
  CASE WHEN ${IS_FIRST} THEN excluded.reason ELSE j.reason END,
  CASE WHEN ${IS_FIRST} THEN excluded.ended_at ELSE j.ended_at END,
  least(j.placed_at, excluded.placed_at),
  least(j.deadline_at, excluded.deadline_at),
  greatest(j.moved_at, excluded.moved_at),
  least(j.total_minor, excluded.total_minor),
  least(j.currency, excluded.currency)`

// a row that would stay as it is is not written: nobody is told of it either
const upsert = statement(
  'journeys-upsert',
  `INSERT INTO journeys AS j (id, ${ROW})
   SELECT * FROM json_to_recordset($1::json) AS told("orderId" uuid, "customerId" uuid, heard int, "verdictId" uuid,
     status text, reason text, "endedAt" timestamptz, "placedAt" timestamptz, "deadlineAt" timestamptz,
     "movedAt" timestamptz, "totalMinor" bigint, currency text)
   ORDER BY "orderId"
   ON CONFLICT (id) DO UPDATE SET (${ROW}, changed_in) = ROW(${MERGED}, pg_current_xact_id())
   WHERE (${KNOWN}) IS DISTINCT FROM (${MERGED})`,
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

const JOURNEY_COLUMNS = `id AS "orderId", customer_id AS "customerId", heard, status, reason, placed_at AS "placedAt",
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
    { name: 'journeys', select: `SELECT ${JOURNEY_COLUMNS} FROM journeys`, conditions },
    filter,
    limit,
  )

/** Orders that were written to since. */
export const journeyNews: NewsStatement<JourneyRow> = statement(
  'journeys-news',
  `${HERE} SELECT here.position::text, news.* FROM here LEFT JOIN LATERAL (
     SELECT ${JOURNEY_COLUMNS}, changed_in::text AS "writtenIn" FROM journeys
     WHERE changed_in >= $1::text::xid8 AND changed_in < here.ceiling ORDER BY changed_in LIMIT ${MAX_NEWS}
   ) news ON true`,
)
