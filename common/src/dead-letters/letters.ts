import type { Envelope } from '../contracts/envelope'
import { type Queryable, statement, type Tx } from '../db/tx'
import type { RefusedProperties } from '../messaging/dead-letters'
import type { Id } from '../schemas'

export interface LetterSummary {
  readonly id: Id
  readonly eventId: Id | null
  readonly type: string | null
  readonly reason: string
  readonly error: string
  readonly handler: string | null
  readonly attempts: number
  readonly firstFailedAt: Date
  readonly lastFailedAt: Date
}

export interface Letter extends LetterSummary {
  readonly envelope: Envelope | null
  readonly raw: Buffer | null
  readonly brokerUser: string | null
  readonly properties: RefusedProperties
  readonly discardedAt: Date | null
}

export interface ReasonCount {
  readonly reason: string
  readonly count: number
  readonly oldestAt: Date
}

export interface LetterQuery {
  readonly reason?: string
  readonly type?: string
  readonly before?: Id
  readonly limit?: number
}

const SUMMARY = `id, event_id AS "eventId", type, reason, error, handler, attempts,
  first_failed_at AS "firstFailedAt", last_failed_at AS "lastFailedAt"`
const LETTER = `${SUMMARY}, envelope, raw, broker_user AS "brokerUser", properties, discarded_at AS "discardedAt"`

const list = statement<LetterSummary>(
  'letters-list',
  `SELECT ${SUMMARY} FROM dead_letters
   WHERE discarded_at IS NULL AND ($1::text IS NULL OR reason = $1) AND ($2::text IS NULL OR type = $2)
     AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
)

const count = statement<ReasonCount>(
  'letters-count',
  `SELECT reason, count(*)::int AS count, min(first_failed_at) AS "oldestAt" FROM dead_letters
   WHERE discarded_at IS NULL GROUP BY reason ORDER BY reason`,
)

const find = statement<Letter>('letters-find', `SELECT ${LETTER} FROM dead_letters WHERE id = $1`)
const lock = statement<Letter>('letters-lock', `SELECT ${LETTER} FROM dead_letters WHERE id = $1 FOR UPDATE`)
const remove = statement('letters-remove', 'DELETE FROM dead_letters WHERE id = $1')
const discard = statement('letters-discard', 'UPDATE dead_letters SET discarded_at = now() WHERE id = $1')

/** Newest first. */
export const listLetters = (db: Queryable, { reason, type, before, limit }: LetterQuery): Promise<LetterSummary[]> =>
  db.query(list, [reason, type, before, limit])

export const countByReason = (db: Queryable): Promise<ReasonCount[]> => db.query(count)

export const findLetter = async (db: Queryable, id: Id): Promise<Letter | undefined> => (await db.query(find, [id]))[0]

export const lockLetter = async (tx: Tx, id: Id): Promise<Letter | undefined> => (await tx.query(lock, [id]))[0]

export const removeLetter = (tx: Tx, id: Id): Promise<void> => tx.write(remove, [id], 1)

export const markDiscarded = (tx: Tx, id: Id): Promise<void> => tx.write(discard, [id], 1)
