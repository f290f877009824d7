import { type Queryable, statement } from '../db/tx'
import type { OutgoingEvent } from './outgoing'

const append = statement(
  'outbox-append',
  `WITH appended AS (
     INSERT INTO outbox (id, type, envelope)
     SELECT (event ->> 'id')::uuid, event ->> 'type', event FROM json_array_elements($1::json) AS event
     RETURNING id
   )
   INSERT INTO outbox_unsent (id) SELECT id FROM appended ORDER BY id`,
)

/** Stores the events and marks them unsent, in the transaction that stores the state they speak of. */
export async function appendAll(tx: Queryable, events: readonly OutgoingEvent[]): Promise<void> {
  if (events.length > 0) await tx.execute(append, [`[${events.map((event) => event.json).join(',')}]`])
}
