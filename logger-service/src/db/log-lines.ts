import { coverFields, coverText, type Id, type LogLine, type Queryable, statement } from '@order-saga/common'
import { findNewest } from './find-newest'

const insert = statement(
  'lines-insert',
  `INSERT INTO log_lines (id, at, service, level, kind, message, order_id, event_id, trace_id, request_id, fields)
   SELECT * FROM json_to_recordset($1::json) AS line(
     id uuid, at timestamptz, service text, level text, kind text, message text, "orderId" uuid, "eventId" uuid,
     "traceId" text, "requestId" uuid, fields json)
   ORDER BY id
   ON CONFLICT DO NOTHING`,
)

/** Once each, covered again: what a sender forgot is not stored either. */
export async function insertLines(db: Queryable, lines: readonly LogLine[]): Promise<void> {
  if (lines.length === 0) return
  const covered = lines.map((line) => ({
    ...line,
    message: coverText(line.message),
    fields: coverFields(line.fields),
  }))
  await db.execute(insert, [JSON.stringify(covered)])
}

/** A line as it is read. */
export interface LineRow extends Omit<LogLine, 'at'> {
  readonly at: Date
}

export interface LineFilter {
  readonly service?: string
  readonly level?: string
  readonly kind?: string
  readonly orderId?: Id
  readonly eventId?: Id
  readonly traceId?: string
  readonly requestId?: Id
  readonly q?: string
  readonly since?: string
  readonly until?: string
  readonly after?: Id
}

const COLUMNS = `id, at, service, level, kind, message, order_id AS "orderId", event_id AS "eventId",
  trace_id AS "traceId", request_id AS "requestId", fields`

const conditions: Readonly<Record<keyof LineFilter, string>> = {
  service: 'service = $',
  level: 'level = $',
  kind: 'kind = $',
  orderId: 'order_id = $',
  eventId: 'event_id = $',
  traceId: 'trace_id = $',
  requestId: 'request_id = $',
  q: `strpos(lower(message || ' ' || fields), lower($)) > 0`,
  since: 'id >= id_floor($::timestamptz)',
  until: 'id < id_floor($::timestamptz)',
  after: 'id < $',
}

/** Newest first, one more than asked for, which says that there is a next page. */
export const findLines = (db: Queryable, filter: LineFilter, limit: number): Promise<LineRow[]> =>
  findNewest<LineRow>(db, { name: 'lines', select: `SELECT ${COLUMNS} FROM log_lines`, conditions }, filter, limit)

const ofOrder = statement<LineRow>(
  'lines-of-order',
  `SELECT ${COLUMNS} FROM log_lines WHERE order_id = $1 ORDER BY id LIMIT 1000`,
)

export const linesOfOrder = (db: Queryable, orderId: Id): Promise<LineRow[]> => db.query(ofOrder, [orderId])
