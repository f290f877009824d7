import type { Envelope } from '../contracts/envelope'
import { type Queryable, statement, type Tx } from '../db/tx'
import type { Id } from '../schemas'
import { type Failure, shorten } from './dead-letters'
import type { Opened } from './open'

// after attempt 1 … 7; the eighth failure is final
const BACKOFF_S = [1, 2, 4, 5, 5, 5, 5]
export const MAX_ATTEMPTS = BACKOFF_S.length + 1

/** ± 20 %, so that what failed together does not come back together. */
const backoffMs = (attempts: number): number => (BACKOFF_S[attempts - 1] ?? 5) * 1000 * (0.8 + Math.random() * 0.4)

interface Next {
  readonly at: Date
}

const insert = statement<Next>(
  'park',
  `INSERT INTO parked (event_id, type, envelope, broker_user, reason, error, handler, attempts, next_attempt_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, 1, now() + $8 * interval '1 ms')
   ON CONFLICT (event_id) DO NOTHING
   RETURNING next_attempt_at AS at`,
)

// no attempt has failed since; what was handled meanwhile stays as it is
const insertRedriven = statement(
  'park-redriven',
  `INSERT INTO parked (event_id, type, envelope, broker_user, reason, error, handler, attempts, first_failed_at, next_attempt_at, redriven_under)
   SELECT $1, $2, $3, $4, $5, $6, $7, 0, $8, now(), $9 WHERE NOT EXISTS (SELECT FROM inbox WHERE id = $1)
   ON CONFLICT (event_id) DO NOTHING`,
)

const again = statement<Next>(
  'park-again',
  `UPDATE parked SET attempts = attempts + 1, reason = $2, error = $3, last_failed_at = now(),
     next_attempt_at = now() + $4 * interval '1 ms'
   WHERE event_id = $1
   RETURNING next_attempt_at AS at`,
)

const due = statement<{ event_id: Id }>(
  'parked-due',
  'SELECT event_id FROM parked WHERE next_attempt_at <= now() ORDER BY next_attempt_at LIMIT 100',
)

export interface ParkedRow {
  readonly envelope: Envelope
  readonly broker_user: string | null
  readonly handler: string
  readonly attempts: number
  readonly first_failed_at: Date
  /** Trace context of the request that had it tried once more. */
  readonly redriven_under: string | null
}

const lock = statement<ParkedRow>(
  'parked-lock',
  `SELECT envelope, broker_user, handler, attempts, first_failed_at, redriven_under FROM parked
   WHERE event_id = $1 AND next_attempt_at <= now() FOR UPDATE SKIP LOCKED`,
)

const remove = statement('parked-remove', 'DELETE FROM parked WHERE event_id = $1')

/** Answers when it is tried again; undefined: it was parked already. */
export async function park(
  tx: Tx,
  { event, brokerUser }: Opened,
  { reason, error, handler }: Failure,
): Promise<Date | undefined> {
  const envelope = JSON.stringify(event)
  const values = [event.id, event.type, envelope, brokerUser, reason, shorten(error), handler, backoffMs(1)]
  return (await tx.query(insert, values))[0]?.at
}

export interface Redriven extends Failure {
  readonly redrivenUnder?: string | undefined
}

/** Due now, with all its attempts before it. false: it was handled or parked meanwhile. */
export async function parkRedriven(tx: Tx, { event, brokerUser }: Opened, failure: Redriven): Promise<boolean> {
  const { reason, error, handler, firstFailedAt = new Date(), redrivenUnder } = failure
  const envelope = JSON.stringify(event)
  const values = [event.id, event.type, envelope, brokerUser, reason, error, handler, firstFailedAt, redrivenUnder]
  return (await tx.execute(insertRedriven, values)) === 1
}

/** Answers when it is tried again. */
export async function parkAgain(tx: Tx, id: Id, { reason, error, attempts }: Failure): Promise<Date | undefined> {
  return (await tx.query(again, [id, reason, shorten(error), backoffMs(attempts)]))[0]?.at
}

export const dueIds = async (db: Queryable): Promise<Id[]> => (await db.query(due)).map((row) => row.event_id)

/** undefined: not due any more, or another instance has it. */
export const lockParked = async (tx: Tx, id: Id): Promise<ParkedRow | undefined> => (await tx.query(lock, [id]))[0]

export const unpark = (tx: Tx, id: Id): Promise<number> => tx.execute(remove, [id])
