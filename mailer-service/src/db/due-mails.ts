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
  `UPDATE mails SET state = d.state, reason = d.reason, next_attempt_at = now() + d.retry_in_ms * interval '1 ms',
     sent_at = CASE d.state WHEN 'sent' THEN now() END,
     facts = CASE WHEN d.state <> 'due' AND mails.kind = ANY($7) THEN '{}' ELSE facts END
   FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::int[])
     AS d(subject_id, kind, attempts, state, reason, retry_in_ms)
   WHERE mails.subject_id = d.subject_id AND mails.kind = d.kind AND mails.attempts = d.attempts AND mails.state = 'due'`,
)

export const leaseDueMails = (db: Queryable, count: number, leaseMs: number): Promise<Leased[]> =>
  db.query(lease, [count, leaseMs])

/** What became of one attempt. */
export interface Attempted {
  readonly mail: Leased
  readonly delivery: Delivery
}

/** An attempt that is not the last any more says nothing: whoever leased the mail since then knows better. */
export async function recordDeliveries(db: Queryable, attempted: readonly Attempted[]): Promise<void> {
  const column = <T>(pick: (one: Attempted) => T) => attempted.map(pick)
  await db.execute(record, [
    column(({ mail }) => mail.subjectId),
    column(({ mail }) => mail.kind),
    column(({ mail }) => mail.attempts),
    column(({ delivery }) => delivery.state),
    column(({ delivery }) => delivery.reason),
    column(({ delivery }) => delivery.retryInMs),
    secretKinds,
  ])
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
