import { type Id, type Queryable, statement } from '@order-saga/common'
import { HERE, MAX_NEWS, type NewsStatement } from './feed'
import { findNewest } from './find-newest'

/** An entry of the journal as its readers see it. */
export interface EventRow {
  readonly id: Id
  readonly type: string
  readonly source: string
  readonly subject: string
  readonly orderId: Id | null
  readonly occurredAt: Date
  readonly recordedAt: Date
  readonly correlationId: Id
  readonly causationId: Id | null
  readonly repeats: Id | null
  readonly traceparent: string | null
  readonly data: unknown
}

const EVENT_COLUMNS = `id, type, source, subject, order_id AS "orderId", occurred_at AS "occurredAt",
  recorded_at AS "recordedAt", correlation_id AS "correlationId", causation_id AS "causationId", repeats, traceparent, data`

export interface EventFilter {
  readonly type?: string
  readonly service?: string
  readonly orderId?: Id
  readonly traceId?: string
  readonly requestId?: Id
  readonly since?: string
  readonly until?: string
  readonly after?: Id
}

const conditions: Readonly<Record<keyof EventFilter, string>> = {
  type: 'type = $',
  service: 'source = $',
  orderId: 'order_id = $',
  traceId: `traceparent IS NOT NULL AND split_part(traceparent, '-', 2) = $`,
  requestId: 'correlation_id = $',
  since: 'id >= id_floor($::timestamptz)',
  until: 'id < id_floor($::timestamptz)',
  after: 'id < $',
}

/** Newest first, one more than asked for, which says that there is a next page. */
export const findEvents = (db: Queryable, filter: EventFilter, limit: number): Promise<EventRow[]> =>
  findNewest<EventRow>(
    db,
    { name: 'events', select: `SELECT ${EVENT_COLUMNS} FROM journal`, conditions },
    filter,
    limit,
  )

const one = statement<EventRow>('event', `SELECT ${EVENT_COLUMNS} FROM journal WHERE id = $1`)

export const findEvent = async (db: Queryable, id: Id): Promise<EventRow | undefined> => (await db.query(one, [id]))[0]

/** Events that were written down since. */
export const eventNews: NewsStatement<EventRow> = statement(
  'events-news',
  `${HERE} SELECT here.position::text, news.* FROM here LEFT JOIN LATERAL (
     SELECT ${EVENT_COLUMNS}, recorded_in::text AS "writtenIn" FROM journal
     WHERE recorded_in >= $1::text::xid8 AND recorded_in < here.ceiling ORDER BY recorded_in LIMIT ${MAX_NEWS}
   ) news ON true`,
)
