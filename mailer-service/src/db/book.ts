import {
  causeOf,
  type Decision,
  type Envelope,
  type EventOf,
  type Id,
  statement,
  type Tx,
  type userUpdated,
  WorkingSet,
} from '@order-saga/common'
import { type Address, type Kind, kinds, learn, type Mail, shortKinds, writeOnce } from '../domain/mail'

/** What one batch of events reads and writes. */
export interface Book {
  readonly addresses: WorkingSet<Address | null>
  readonly mails: WorkingSet<Mail | null>
}

const keyOf = (subjectId: Id, kind: Kind) => `${subjectId}.${kind}`

export const noteAddress = ({ addresses }: Book, event: EventOf<typeof userUpdated>): Decision =>
  addresses.decide(event.data.userId, causeOf(event), (known) => {
    const { email, name, smsNumber = null, version } = event.data
    return learn(known, { email, name, smsNumber, version })
  })

export const addMail = ({ mails }: Book, event: Envelope, mail: Mail): Decision =>
  mails.decide(keyOf(mail.subjectId, mail.kind), causeOf(event), (known) => writeOnce(known, mail))

const addressesOf = statement<Address & { id: Id }>(
  'addresses-of',
  'SELECT user_id AS id, email, name, sms_number AS "smsNumber", version FROM addresses WHERE user_id = ANY($1)',
)

const mailsAbout = statement<Mail>(
  'mails-about',
  `SELECT kind, subject_id AS "subjectId", user_id AS "userId", facts FROM mails
   WHERE channel = 'mail' AND subject_id = ANY($1)`,
)

/** Takes no locks: what another instance writes meanwhile makes `closeBook` write too few rows, and start again. */
export async function openBook(tx: Tx, events: readonly Envelope[]): Promise<Book> {
  const about = events.map(({ data }) => data as { orderId?: Id; resetId?: Id; userId?: Id })
  const users = [...new Set(about.flatMap(({ userId }) => userId ?? []))]
  const subjects = [...new Set(about.flatMap(({ orderId, resetId, userId }) => orderId ?? resetId ?? userId ?? []))]
  const [addresses, mails] = await Promise.all([tx.query(addressesOf, [users]), tx.query(mailsAbout, [subjects])])
  const absent = subjects.flatMap((id) => kinds.map((kind) => [keyOf(id, kind), null] as const))
  return {
    addresses: new WorkingSet<Address | null>([
      ...users.map((id) => [id, null] as const),
      ...addresses.map((address) => [address.id, address] as const),
    ]),
    mails: new WorkingSet<Mail | null>([
      ...absent,
      ...mails.map((mail) => [keyOf(mail.subjectId, mail.kind), mail] as const),
    ]),
  }
}

const saveAddresses = statement(
  'addresses-save',
  `INSERT INTO addresses (user_id, email, name, sms_number, version)
   SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[])
   ON CONFLICT (user_id) DO UPDATE
   SET email = excluded.email, name = excluded.name, sms_number = excluded.sms_number, version = excluded.version
   WHERE addresses.version < excluded.version OR excluded.email IS NULL`,
)

// the same goes by SMS to whoever wants one now, in one round trip; answers the mails alone
const insertMails = statement(
  'mails-insert',
  `WITH added AS (
     INSERT INTO mails (subject_id, kind, user_id, facts, correlation_id, traceparent)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::json[], $5::uuid[], $6::text[])
     ON CONFLICT DO NOTHING
     RETURNING subject_id, kind, user_id, facts, correlation_id, traceparent
   ), by_sms AS (
     INSERT INTO mails (channel, subject_id, kind, user_id, facts, correlation_id, traceparent)
     SELECT 'sms', added.* FROM added JOIN addresses a USING (user_id)
     WHERE a.sms_number IS NOT NULL AND added.kind = ANY($7)
     ON CONFLICT DO NOTHING
   )
   SELECT FROM added`,
)

/** Without `hasSms` nobody gets an SMS, whoever wants one. */
export async function closeBook(tx: Tx, { addresses, mails }: Book, hasSms = true): Promise<void> {
  const learned = addresses.changes().flatMap(({ id, after }) => (after ? [{ id, ...after }] : []))
  const added = mails.changes().flatMap(({ after, cause }) => (after ? [{ ...after, cause }] : []))
  const addressColumns = [
    learned.map(({ id }) => id),
    learned.map(({ email }) => email),
    learned.map(({ name }) => name),
    learned.map(({ smsNumber }) => smsNumber),
    learned.map(({ version }) => version),
  ]
  const mailColumns = [
    added.map(({ subjectId }) => subjectId),
    added.map(({ kind }) => kind),
    added.map(({ userId }) => userId),
    added.map(({ facts }) => JSON.stringify(facts)),
    added.map(({ cause }) => cause?.correlationId),
    added.map(({ cause }) => cause?.traceparent),
    hasSms ? shortKinds : [],
  ]
  if (learned.length > 0) await tx.write(saveAddresses, addressColumns, learned.length)
  if (added.length > 0) await tx.write(insertMails, mailColumns, added.length)
}
