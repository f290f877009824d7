import { type Queryable, statement } from './db/tx'
import { countByReason } from './dead-letters/letters'
import type { Metrics } from './metrics'

const parked = statement<{ count: number; age_s: number }>(
  'parked-count',
  `SELECT count(*)::int AS count, COALESCE(extract(epoch FROM now() - min(first_failed_at)), 0)::float AS age_s FROM parked`,
)

/** Counts what waits in the service's own database: for another attempt, and for a person. */
export async function observeWaiting(db: Queryable, metrics: Metrics): Promise<void> {
  const [[waiting], letters] = await Promise.all([db.query(parked), countByReason(db)])
  metrics.parked.set(waiting?.count ?? 0)
  metrics.parkedOldestAge.set(waiting?.age_s ?? 0)
  // a reason that is gone is shown no more; one that never was is 0, so that there always is something to add up
  metrics.deadLetters.reset()
  metrics.deadLetters.set({ reason: '' }, 0)
  for (const { reason, count } of letters) metrics.deadLetters.set({ reason }, count)
}
