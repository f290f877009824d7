import { Id, OneOf, UtcTime } from '@order-saga/common'
import Type from 'typebox'
import { kinds } from '../domain/mail'

const MailState = OneOf('due', 'sent', 'failed')
const Time = Type.Unsafe<Date>(UtcTime)

const mail = {
  kind: OneOf(...kinds),
  subjectId: Id,
  state: MailState,
  createdAt: Time,
  sentAt: Type.Union([Time, Type.Null()]),
}

export const MailList = Type.Object({ mails: Type.Array(Type.Object(mail)) })

export const AdminMailList = Type.Object({
  mails: Type.Array(
    Type.Object({
      ...mail,
      userId: Id,
      attempts: Type.Integer(),
      reason: Type.Union([Type.String(), Type.Null()]),
      nextAttemptAt: Time,
    }),
  ),
})

const page = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
  before: Type.Optional(UtcTime),
}

export const MailQuery = Type.Object(page, { additionalProperties: false })

export const AdminMailQuery = Type.Object({ ...page, state: Type.Optional(MailState) }, { additionalProperties: false })
