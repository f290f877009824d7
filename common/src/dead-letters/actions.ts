import { type Queryable, statement, type Tx } from '../db/tx'
import { newId } from '../ids'
import type { Id } from '../schemas'
import type { LetterSummary } from './letters'

export type Outcome = 'parked' | 'duplicate' | 'refused' | 'discarded'

/** Who wants it, and why: nobody acts on a dead letter without saying so. */
export interface Instruction {
  readonly actor: Id
  readonly why: string
  /** Trace context of the request. */
  readonly traceparent?: string | undefined
}

export interface Action extends Instruction {
  readonly action: 'redrive' | 'discard'
  readonly outcome: Outcome
}

export interface RecordedAction extends Action {
  readonly id: Id
  readonly letterId: Id
  readonly actedAt: Date
}

/** With what it was about: a redriven letter is gone. */
export interface ListedAction extends RecordedAction {
  readonly type: string | null
  readonly reason: string
}

const insert = statement(
  'letter-action',
  `INSERT INTO dead_letter_actions (id, letter_id, event_id, type, reason, action, actor, why, outcome)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
)

const history = statement<RecordedAction>(
  'letter-history',
  `SELECT id, letter_id AS "letterId", action, actor, why, outcome, acted_at AS "actedAt" FROM dead_letter_actions
   WHERE letter_id = $1 OR event_id = $2 ORDER BY id`,
)

const latest = statement<ListedAction>(
  'letter-actions',
  `SELECT id, letter_id AS "letterId", type, reason, action, actor, why, outcome, acted_at AS "actedAt"
   FROM dead_letter_actions WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
)

/** In the transaction that does it: what was done is on record, and nothing else is. */
export async function record(tx: Tx, letter: LetterSummary, { action, actor, why, outcome }: Action): Promise<void> {
  const { id, eventId, type, reason } = letter
  await tx.execute(insert, [newId(), id, eventId, type, reason, action, actor, why, outcome])
}

/** Of a letter, and of earlier letters of its event: a redriven event that dies again is a new letter. */
export const historyOf = (db: Queryable, letterId: Id, eventId?: Id | null): Promise<RecordedAction[]> =>
  db.query(history, [letterId, eventId])

/** Newest first. */
export const listActions = (db: Queryable, before: Id | undefined, limit: number): Promise<ListedAction[]> =>
  db.query(latest, [before, limit])
