import { type Id, type Queryable, statement, type Tx } from '@order-saga/common'
import type { Recorded } from '../domain/journey'

/** One event as the journal keeps it. */
export interface Entry {
  readonly id: Id
  readonly type: string
  readonly source: string
  readonly subject: string
  readonly orderId: Id | undefined
  readonly occurredAt: string
  readonly correlationId: Id
  readonly causationId: Id | undefined
  readonly repeats: Id | undefined
  readonly traceparent: string | undefined
  readonly data: unknown
}

// The conflict is an event that was written before the inbox forgot it.
const insert = statement(
  'journal-insert',
  `INSERT INTO journal (id, type, source, subject, order_id, occurred_at, correlation_id, causation_id, repeats, traceparent, data)
   SELECT * FROM json_to_recordset($1::json) AS entry(
     id uuid, type text, source text, subject text, "orderId" uuid, "occurredAt" timestamptz, "correlationId" uuid,
     "causationId" uuid, repeats uuid, traceparent text, data json)
   ORDER BY id
   ON CONFLICT DO NOTHING`,
)

export async function insertEntries(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length > 0) await tx.execute(insert, [JSON.stringify(entries)])
}

const ofOrder = statement<Recorded>(
  'journal-of-order',
  `SELECT id, type, source, occurred_at AS "occurredAt", causation_id AS "causationId", repeats, traceparent, data
   FROM journal WHERE order_id = $1 ORDER BY id LIMIT 1000`,
)

export const eventsOfOrder = (db: Queryable, orderId: Id): Promise<Recorded[]> => db.query(ofOrder, [orderId])
