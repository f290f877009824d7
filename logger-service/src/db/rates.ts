import { type Queryable, statement } from '@order-saga/common'

const lastMinute = statement<{ type: string; count: number }>(
  'events-of-last-minute',
  `SELECT type, count(*)::int AS count FROM journal WHERE id >= id_floor(now() - interval '1 minute') GROUP BY type`,
)

/** How many events of each type were told in the last minute. */
export async function eventsPerMinute(db: Queryable): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query(lastMinute)
  return new Map(rows.map(({ type, count }) => [type, count]))
}
