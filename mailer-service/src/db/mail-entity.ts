import type { Database, Id } from '@order-saga/common'
import { EntitySchema, LessThan } from 'typeorm'
import type { Delivery } from '../domain/delivery'
import type { Kind } from '../domain/mail'

/** A mail as its readers see it; it is written by the statements beside this file. */
export interface MailRow {
  readonly kind: Kind
  readonly subjectId: Id
  readonly userId: Id
  readonly state: Delivery['state']
  readonly attempts: number
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
    userId: { name: 'user_id', type: 'uuid' },
    state: { type: 'text' },
    attempts: { type: 'int' },
    reason: { type: 'text', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz' },
    nextAttemptAt: { name: 'next_attempt_at', type: 'timestamptz' },
    sentAt: { name: 'sent_at', type: 'timestamptz', nullable: true },
  },
})

interface Page {
  readonly limit?: number
  readonly before?: string
}

/** Newest first. */
export async function latestMails(
  database: Database,
  where: Partial<Pick<MailRow, 'userId' | 'state'>>,
  { limit = 50, before }: Page,
): Promise<MailRow[]> {
  const mails = (await database.manager()).getRepository(mailEntity)
  const createdAt = before && { createdAt: LessThan(new Date(before)) }
  return mails.find({ where: { ...where, ...createdAt }, order: { createdAt: 'DESC' }, take: limit })
}
