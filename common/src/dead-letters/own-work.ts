import { createHash } from 'node:crypto'
import { statement, type Tx } from '../db/tx'
import { newId } from '../ids'
import { shorten } from '../messaging/dead-letters'
import type { Id } from '../schemas'
import type { Instruction } from './actions'
import type { Letter } from './letters'

/** What a service had to do besides handling events, by the attributes a person may see. */
export interface OwnWork {
  readonly type: string
  readonly subject: Id
  readonly source: string
}

export interface WorkFailure {
  readonly reason: string
  readonly error: string
  readonly handler: string
  readonly attempts: number
}

/** Does it once more, or throws the problem that keeps it from being done. */
export type Redo = (tx: Tx, work: OwnWork, instruction: Instruction) => Promise<void>

const bury = statement(
  'dead-letter-work',
  `INSERT INTO dead_letters (id, fingerprint, type, raw, reason, error, handler, attempts)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
   ON CONFLICT (fingerprint) WHERE discarded_at IS NULL
   DO UPDATE SET attempts = excluded.attempts, error = excluded.error, last_failed_at = now()`,
)
const dig = statement(
  'dead-letter-work-gone',
  'DELETE FROM dead_letters WHERE fingerprint = $1 AND discarded_at IS NULL',
)

const bytesOf = ({ type, subject, source }: OwnWork): Buffer => Buffer.from(JSON.stringify({ type, subject, source }))
const fingerprintOf = (work: OwnWork): Buffer => createHash('sha256').update(bytesOf(work)).digest()

/** Puts work that failed for good among the dead letters, in the transaction that gives it up: once, however often. */
export async function buryWork(
  tx: Tx,
  work: OwnWork,
  { reason, error, handler, attempts }: WorkFailure,
): Promise<void> {
  const values = [newId(), fingerprintOf(work), work.type, bytesOf(work), reason, shorten(error), handler, attempts]
  await tx.execute(bury, values)
}

/** Takes the letter away, if there is one, in the transaction that takes the work up again. */
export const unburyWork = (tx: Tx, work: OwnWork): Promise<number> => tx.execute(dig, [fingerprintOf(work)])

export const workOf = ({ raw }: Letter): OwnWork => JSON.parse(String(raw)) as OwnWork
