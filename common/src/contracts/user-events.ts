import Type from 'typebox'
import { Email, Id, OneOf, Personal, PhoneNumber, Secret, Text, UtcTime, Version } from '../schemas'
import { defineEvent } from './define-event'
import { exampleIds } from './order-lines'

const profile = {
  userId: Id,
  email: Personal(Email),
  name: Personal(Text(100)),
  /** Where an SMS goes besides each mail about an order; absent: none is wanted. */
  smsNumber: Type.Optional(Personal(PhoneNumber)),
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
  summary: 'Address, name or number of an account changed, or its snapshot was announced again.',
  subject: 'userId',
  payload: Type.Object(profile),
  example: { ...example, name: 'Ada L.', version: 2 },
})

export const userDeactivated = defineEvent({
  type: 'user.deactivated',
  version: 1,
  publisher: 'auth-service',
  summary: 'An administrator closed an account: nobody can log in to it.',
  subject: 'userId',
  audience: 'observers',
  payload: Type.Object({ userId: Id, reason: Personal(Text(200)) }),
  example: { userId: exampleIds.customerId, reason: 'sold stolen goods' },
})

export const userReactivated = defineEvent({
  type: 'user.reactivated',
  version: 1,
  publisher: 'auth-service',
  summary: 'An administrator opened an account again.',
  subject: 'userId',
  audience: 'observers',
  payload: Type.Object({ userId: Id }),
  example: { userId: exampleIds.customerId },
})

export const userDeleted = defineEvent({
  type: 'user.deleted',
  version: 1,
  publisher: 'auth-service',
  summary: 'An account is gone; whoever holds address or name forgets them.',
  subject: 'userId',
  payload: Type.Object({ userId: Id, version: Version }),
  example: { userId: exampleIds.customerId, version: 3 },
})

export const userPasswordResetRequested = defineEvent({
  type: 'user.password_reset_requested',
  version: 1,
  publisher: 'auth-service',
  summary: 'Somebody wants a new password for an account; its owner is to get the code by mail.',
  subject: 'userId',
  isShortLived: true,
  payload: Type.Object({ userId: Id, resetId: Id, code: Secret(Text(64)), expiresAt: UtcTime }),
  example: {
    userId: exampleIds.customerId,
    resetId: '01890a5d-ac96-774b-bcce-b302099a8061',
    code: 'PzU2pP0qWb3mFh6yR1xJ2g',
    expiresAt: '2026-01-01T12:20:00.000Z',
  },
})

const audited = [
  'logged_in',
  'login_failed',
  'locked_out',
  'logged_out',
  'logged_out_everywhere',
  'refresh_token_reused',
  'password_changed',
  'password_reset_requested',
  'password_reset',
  'profile_changed',
  'role_changed',
  'deactivated',
  'reactivated',
  'personal_data_deleted',
  'signing_key_rotated',
  'signing_key_withdrawn',
] as const

export const accountAudited = defineEvent({
  type: 'account.audited',
  version: 1,
  publisher: 'auth-service',
  summary: 'Somebody used an account, tried to, or changed what one may do.',
  subject: 'auditId',
  audience: 'observers',
  payload: Type.Object({
    auditId: Id,
    action: OneOf(...audited),
    /** Whose account; absent where no account has the address that was tried. */
    userId: Type.Optional(Id),
    /** Who did it, where that was not the account's owner. */
    actorId: Type.Optional(Id),
    /** The new one. */
    role: Type.Optional(OneOf('customer', 'admin')),
  }),
  example: {
    auditId: '01890a5d-ac96-774b-bcce-b302099a8060',
    action: 'role_changed',
    userId: exampleIds.customerId,
    actorId: exampleIds.customerId,
    role: 'admin',
  },
})
