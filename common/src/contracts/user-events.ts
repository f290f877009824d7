import Type from 'typebox'
import { Email, Id, Personal, Text, Version } from '../schemas'
import { defineEvent } from './define-event'
import { exampleIds } from './order-lines'

const profile = {
  userId: Id,
  email: Personal(Email),
  name: Personal(Text(100)),
  /** Grows with every change: readers drop a snapshot older than the one they have. */
  version: Version,
}

const example = { userId: exampleIds.customerId, email: 'ada@example.com', name: 'Ada', version: 1 }

export const userRegistered = defineEvent({
  type: 'user.registered',
  version: 1,
  publisher: 'auth-service',
  summary: 'Somebody opened an account.',
  subject: 'userId',
  payload: Type.Object(profile),
  example,
})

export const userUpdated = defineEvent({
  type: 'user.updated',
  version: 1,
  publisher: 'auth-service',
  summary: 'Address or name of an account changed, or its snapshot was announced again.',
  subject: 'userId',
  payload: Type.Object(profile),
  example: { ...example, name: 'Ada L.', version: 2 },
})
