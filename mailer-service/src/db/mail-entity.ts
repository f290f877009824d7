import type { Database, Id } from '@order-saga/common'
import { EntitySchema } from 'typeorm'
import type { Delivery } from '../domain/delivery'
import type { ChannelName, Kind } from '../domain/mail'

const DEFAULT_LIMIT = 50

/** A mail as its readers see it; it is written by the statements beside this file. */
export interface MailRow {
  readonly kind: Kind
  readonly subjectId: Id
  readonly channel: ChannelName
  readonly userId: Id
  readonly state: Delivery['state']
  readonly attempts: number
  /** How often an administrator had it sent once more. */
  readonly resends: number
  readonly reason: string | null
  readonly createdAt: Date
  readonly nextAttemptAt: Date
  readonly sentAt: Date | null
}

export const mailEntity = new EntitySchema<MailRow>({
  name: 'mail',
  tableName: 'mails',
  columns: {
    kind: { type: 'text', primary: true },
    subjectId: { name: 'subject_id', type: 'uuid', primary: true },
    channel: { type: 'text', primary: true },
    userId: { name: 'user_id', type: 'uuid' },
    state: { type: 'text' },
    attempts: { type: 'int' },
    resends: { type: 'int' },
    reason: { type: 'text', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz' },
    nextAttemptAt: { name: 'next_attempt_at', type: 'timestamptz' },
    sentAt: { name: 'sent_at', type: 'timestamptz', nullable: true },
  },
})

interface Page {
  readonly limit?: number
  readonly before?: string
  /** The last mail of the page before, as `nextOf` names it. */
  readonly after?: string
}

const ORDER = ['createdAt', 'subjectId', 'kind', 'channel'] as const
const AFTER_LAST = `(mail.created_at, mail.subject_id, mail.kind, mail.channel) < (
  SELECT last.created_at, last.subject_id, last.kind, last.channel FROM mails last
  WHERE last.subject_id = :subjectId AND last.kind = :kind AND last.channel = :channel)`

/** Newest first. Many are written in one moment: a page begins after a mail, not after a time. */
export async function latestMails(
  database: Database,
  where: Partial<Pick<MailRow, 'userId' | 'state'>>,
  { limit = DEFAULT_LIMIT, before, after }: Page,
): Promise<{ mails: MailRow[]; next: string | null }> {
  const query = (await database.manager()).createQueryBuilder(mailEntity, 'mail').where(where)
  if (before) query.andWhere('mail.created_at < :before', { before })
  if (after) {
    const [subjectId, kind, channel] = after.split('.')
    query.andWhere(AFTER_LAST, { subjectId, kind, channel })
  }
  for (const column of ORDER) query.addOrderBy(`mail.${column}`, 'DESC')
  const mails = await query.limit(limit).getMany()
  return { mails, next: mails.length === limit ? nextOf(mails.at(-1)) : null }
}

const nextOf = (last: MailRow | undefined): string | null =>
  last ? `${last.subjectId}.${last.kind}.${last.channel}` : null
