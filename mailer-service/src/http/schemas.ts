import { Id, OneOf, Text, UtcTime, UUID_V7 } from '@order-saga/common'
import Type from 'typebox'
import { channelNames, kinds } from '../domain/mail'

const MailState = OneOf('due', 'sent', 'failed')
const Time = Type.Unsafe<Date>(UtcTime)

const mail = {
  kind: OneOf(...kinds),
  subjectId: Id,
  channel: OneOf(...channelNames),
  state: MailState,
  createdAt: Time,
  sentAt: Type.Union([Time, Type.Null()]),
}

const next = Type.Union([Type.String(), Type.Null()], { description: 'pass as `after` for the next page' })

export const MailList = Type.Object({ mails: Type.Array(Type.Object(mail)), next })

export const AdminMailList = Type.Object({
  mails: Type.Array(
    Type.Object({
      ...mail,
      userId: Id,
      attempts: Type.Integer(),
      resends: Type.Integer({ description: 'times an administrator had it sent once more' }),
      reason: Type.Union([Type.String(), Type.Null()]),
      nextAttemptAt: Time,
    }),
  ),
  next,
})

export const NameOfMail = Type.Object({
  subjectId: { ...Id, description: 'of the order, account or reset it is about' },
  kind: { ...OneOf(...kinds), description: 'of mail' },
})

export const Resend = Type.Object(
  { reason: Text(500), channel: Type.Optional(OneOf(...channelNames)) },
  {
    additionalProperties: false,
    description: 'The reason is kept with who and when. Without a channel it is the mail.',
    examples: [{ reason: 'the customer has corrected the address' }],
  },
)

export const Resent = Type.Object({ state: Type.Literal('due') }, { examples: [{ state: 'due' }] })

const AFTER = `${UUID_V7.slice(0, -1)}\\.(${kinds.join('|')})\\.(${channelNames.join('|')})$`

const page = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
  before: Type.Optional(UtcTime),
  after: Type.Optional(Type.String({ pattern: AFTER, description: '`next` of the page before' })),
}

export const MailQuery = Type.Object(page, { additionalProperties: false })

export const AdminMailQuery = Type.Object(
  { ...page, state: Type.Optional({ ...MailState, description: 'only in this state' }) },
  { additionalProperties: false },
)
