import { type Id, newId, statement, type Tx } from '@order-saga/common'
import type { MailName, Settled } from '../domain/resend'

const OF_NAME = 'subject_id = $1 AND kind = $2 AND channel = $3'

const lock = statement<Settled>(
  'mail-lock',
  `SELECT kind, state, a.user_id IS NOT NULL AND a.email IS NULL AS "isForgotten"
   FROM mails m LEFT JOIN addresses a USING (user_id) WHERE ${OF_NAME} FOR UPDATE OF m`,
)

// attempts go on from where they were: an instance that lost its lease must not find its number again
const makeDue = statement(
  'mail-make-due',
  `UPDATE mails SET state = 'due', reason = NULL, next_attempt_at = now(), resends = resends + 1
   WHERE ${OF_NAME} AND state <> 'due'`,
)

const record = statement(
  'mail-resend-record',
  'INSERT INTO mail_resends (id, subject_id, kind, channel, actor, why) VALUES ($1, $2, $3, $4, $5, $6)',
)

/** Until this transaction ends nobody else sends it again. */
export const lockMail = async (tx: Tx, { subjectId, kind, channel }: MailName): Promise<Settled | undefined> =>
  (await tx.query(lock, [subjectId, kind, channel]))[0]

export async function makeDueAgain(tx: Tx, { subjectId, kind, channel }: MailName, actor: Id, why: string) {
  await tx.write(makeDue, [subjectId, kind, channel], 1)
  await tx.write(record, [newId(), subjectId, kind, channel, actor, why], 1)
}
