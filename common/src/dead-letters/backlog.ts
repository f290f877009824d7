import { type Queryable, statement } from '../db/tx'

/** Dead letters of one reason and event type. */
export interface LetterGroup {
  readonly reason: string
  readonly type: string | null
  readonly count: number
  readonly oldestAt: Date
  readonly newestAt: Date
}

export interface Backlog {
  /** Events stored and not yet known to be published. */
  readonly unsent: number
  /** Seconds; null while there is none. */
  readonly oldestUnsentS: number | null
  /** Events that failed and are tried again. */
  readonly parked: number
  readonly oldestParkedAt: Date | null
  readonly deadLetters: LetterGroup[]
}

const waiting = statement<Omit<Backlog, 'deadLetters'>>(
  'backlog',
  `SELECT unsent.count AS unsent, unsent.age_s AS "oldestUnsentS", parked.count AS parked, parked.oldest AS "oldestParkedAt"
   FROM (SELECT count(*)::int, extract(epoch FROM now() - min(created_at))::float8 AS age_s FROM outbox_unsent) unsent,
     (SELECT count(*)::int, min(first_failed_at) AS oldest FROM parked) parked`,
)

const groups = statement<LetterGroup>(
  'letters-groups',
  `SELECT reason, type, count(*)::int AS count, min(first_failed_at) AS "oldestAt", max(last_failed_at) AS "newestAt"
   FROM dead_letters WHERE discarded_at IS NULL GROUP BY reason, type ORDER BY reason, type`,
)

/** What waits here: to be sent, to be tried again, or for a person. */
export async function backlogOf(db: Queryable): Promise<Backlog> {
  const [[row], deadLetters] = await Promise.all([db.query(waiting), db.query(groups)])
  if (!row) throw new Error('an aggregate without a row')
  return { ...row, deadLetters }
}
