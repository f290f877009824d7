import { type Id, type Queryable, statement } from '@order-saga/common'
import type { Notice } from '../channels/channel'
import type { Delivery } from '../domain/delivery'
import { secretKinds } from '../domain/mail'
import type { MailName } from '../domain/resend'

/** A mail this instance may send until its lease ends. */
export interface Leased extends Notice, MailName {
  readonly attempts: number
  readonly correlationId: Id
}

// where each channel reaches somebody
const RECIPIENT = `CASE m.channel WHEN 'sms' THEN a.sms_number ELSE a.email END`

// A mail without a known address is not in the join: it waits.
const lease = statement<Leased>(
  'mails-lease',
  `WITH due AS (
     SELECT m.subject_id, m.kind, m.channel, ${RECIPIENT} AS recipient, a.name
     FROM mails m JOIN addresses a USING (user_id)
     WHERE m.state = 'due' AND m.next_attempt_at <= now() AND ${RECIPIENT} IS NOT NULL
     ORDER BY m.next_attempt_at LIMIT $1
     FOR UPDATE OF m SKIP LOCKED
   )
   UPDATE mails SET attempts = attempts + 1, next_attempt_at = now() + $2 * interval '1 ms'
   FROM due
   WHERE mails.subject_id = due.subject_id AND mails.kind = due.kind AND mails.channel = due.channel
   RETURNING mails.subject_id AS "subjectId", mails.kind, mails.channel, user_id AS "userId", facts, attempts, resends,
     created_at AS "createdAt", correlation_id AS "correlationId", mails.traceparent, recipient, name`,
)

const record = statement(
  'mails-record',
  `UPDATE mails SET state = d.state, reason = d.reason, next_attempt_at = now() + d.retry_in_ms * interval '1 ms',
     sent_at = CASE d.state WHEN 'sent' THEN now() END,
     facts = CASE WHEN d.state <> 'due' AND mails.kind = ANY($7) THEN '{}' ELSE facts END
   FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::int[], $8::text[])
     AS d(subject_id, kind, attempts, state, reason, retry_in_ms, channel)
   WHERE mails.subject_id = d.subject_id AND mails.kind = d.kind AND mails.channel = d.channel
     AND mails.attempts = d.attempts AND mails.state = 'due'`,
)

export const leaseDueMails = (db: Queryable, count: number, leaseMs: number): Promise<Leased[]> =>
  db.query(lease, [count, leaseMs])

/** What became of one attempt. */
export interface Attempted {
  readonly mail: Leased
  readonly delivery: Delivery
}

/**
 * An attempt that is not the last any more says nothing: whoever leased the mail since then knows better. Answers of how
 * many it was.
 */
export async function recordDeliveries(db: Queryable, attempted: readonly Attempted[]): Promise<number> {
  const column = <T>(pick: (one: Attempted) => T) => attempted.map(pick)
  return db.execute(record, [
    column(({ mail }) => mail.subjectId),
    column(({ mail }) => mail.kind),
    column(({ mail }) => mail.attempts),
    column(({ delivery }) => delivery.state),
    column(({ delivery }) => delivery.reason),
    column(({ delivery }) => delivery.retryInMs),
    secretKinds,
    column(({ mail }) => mail.channel),
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

const endUnwanted = statement(
  'mails-end-unwanted',
  `UPDATE mails SET state = 'failed', reason = 'unwanted'
   FROM addresses a
   WHERE a.user_id = mails.user_id AND a.sms_number IS NULL AND mails.channel = 'sms' AND mails.state = 'due'`,
)

/**
 * A code that is void by now is sent no more and kept no longer; nor is what is due to somebody who is forgotten, or by
 * SMS to who wants none any more.
 */
export async function endHopelessMails(db: Queryable): Promise<void> {
  await db.execute(endExpired)
  await db.execute(endForgotten)
  await db.execute(endUnwanted)
}
