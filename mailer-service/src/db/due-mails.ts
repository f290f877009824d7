import { type Id, type Queryable, statement } from '@order-saga/common'
import type { Delivery } from '../domain/delivery'
import { type Mail, secretKinds } from '../domain/mail'

/** A mail this instance may send until its lease ends. */
export interface Leased extends Mail {
  readonly attempts: number
  readonly email: string
  readonly name: string
  readonly correlationId: Id
}

// A mail without a known address is not in the join: it waits.
const lease = statement<Leased>(
  'mails-lease',
  `WITH due AS (
     SELECT m.subject_id, m.kind, a.email, a.name
     FROM mails m JOIN addresses a USING (user_id)
     WHERE m.state = 'due' AND m.next_attempt_at <= now() AND a.email IS NOT NULL
     ORDER BY m.next_attempt_at LIMIT $1
     FOR UPDATE OF m SKIP LOCKED
   )
   UPDATE mails SET attempts = attempts + 1, next_attempt_at = now() + $2 * interval '1 ms'
   FROM due WHERE mails.subject_id = due.subject_id AND mails.kind = due.kind
   RETURNING mails.subject_id AS "subjectId", mails.kind, user_id AS "userId", facts, attempts,
     correlation_id AS "correlationId", email, name`,
)

const record = statement(
  'mails-record',
  `UPDATE mails SET state = $4, reason = $5, next_attempt_at = now() + $6 * interval '1 ms',
     sent_at = CASE $4 WHEN 'sent' THEN now() END,
     facts = CASE WHEN $4 <> 'due' AND kind = ANY($7) THEN '{}' ELSE facts END
   WHERE subject_id = $1 AND kind = $2 AND attempts = $3 AND state = 'due'`,
)

export const leaseDueMails = (db: Queryable, count: number, leaseMs: number): Promise<Leased[]> =>
  db.query(lease, [count, leaseMs])

export async function recordDelivery(
  db: Queryable,
  { subjectId, kind, attempts }: Leased,
  { state, reason, retryInMs }: Delivery,
): Promise<void> {
  await db.execute(record, [subjectId, kind, attempts, state, reason, retryInMs, secretKinds])
}

const endExpired = statement(
  'mails-end-expired',
  `UPDATE mails SET state = 'failed', reason = 'expired', facts = '{}'
   WHERE state = 'due' AND kind = 'password_reset' AND (facts ->> 'expiresAt')::timestamptz <= now()`,
)

const endForgotten = statement(
  'mails-end-forgotten',
  `UPDATE mails SET state = 'failed', reason = 'forgotten', facts = '{}'
   FROM addresses a WHERE a.user_id = mails.user_id AND a.email IS NULL AND mails.state = 'due'`,
)

/** A code that is void by now is sent no more and kept no longer; nor is what is due to somebody who is forgotten. */
export async function endHopelessMails(db: Queryable): Promise<void> {
  await db.execute(endExpired)
  await db.execute(endForgotten)
}
