import { statement, type Tx } from '../db/tx'
import type { Id } from '../schemas'

const count = statement<{ starts: number }>(
  'delivery-start',
  `INSERT INTO delivery_starts (event_id, starts) VALUES ($1, 1)
   ON CONFLICT (event_id) DO UPDATE SET starts = delivery_starts.starts + 1, last_started_at = now()
   RETURNING starts`,
)

const forget = statement('delivery-forget', 'DELETE FROM delivery_starts WHERE event_id = $1')

/** Answers how often handling this event has begun without coming to an end, this time included. */
export async function recordStart(tx: Tx, id: Id): Promise<number> {
  const [row] = await tx.query(count, [id])
  return row?.starts ?? 1
}

/** It came to an end, whichever. */
export const forgetStarts = (tx: Tx, id: Id): Promise<number> => tx.execute(forget, [id])
