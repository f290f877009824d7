import { carrying, Id, OneOf, PhoneNumber, Role, settings, Text, UtcTime } from '@order-saga/common'
import Type from 'typebox'
import { keyStates } from '../db/signing-key'

// Longer than any address or password is allowed to be: the rules say what is wrong, not the schema.
const SentEmail = Type.String({ maxLength: 320, description: 'case and surrounding spaces do not matter' })
const SentPassword = Type.String({ maxLength: 1024, description: '8 to 256 characters' })

const strict = { additionalProperties: false }

const fresh = 'a horse of another colour'
const administrator = {
  email: settings.adminEmail.developmentFallback,
  password: settings.adminPassword.developmentFallback,
}
const ada = { email: 'ada@example.com', password: 'correct horse battery staple' }

const Registration = Type.Object(
  { email: SentEmail, name: Text(100), password: SentPassword },
  { ...strict, examples: [{ ...ada, name: 'Ada' }] },
)
// the first one works at once, the second one after POST /register
const Credentials = Type.Object(
  { email: SentEmail, password: SentPassword },
  {
    ...strict,
    'x-examples': {
      administrator: { summary: 'the administrator of development', value: administrator },
      customer: { summary: 'whom POST /register registers', value: ada },
    },
  },
)

const Accepted = Type.Object({ status: Type.Literal('accepted') })
const Refreshing = Type.Object(
  { refreshToken: Type.String({ maxLength: 4096, description: 'of the last login or refresh; good once' }) },
  { ...strict, examples: [{ refreshToken: 'q9w-MDxaHhTMh3sUaXfD0lMZ0Lr1tJmAJ0S3SxkR1tk' }] },
)
const Tokens = Type.Object({
  accessToken: Type.String(),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'seconds' }),
  refreshToken: Type.String({ description: 'for POST /refresh' }),
  sessionEndsAt: UtcTime,
})
const person = { id: Id, email: Type.String(), name: Type.String(), role: Role, createdAt: UtcTime }
const SmsNumber = Type.Union([PhoneNumber, Type.Null()], {
  description: 'gets an SMS besides each mail about an order; null: none',
})
const Me = Type.Object({ ...person, smsNumber: SmsNumber })
const Announced = Type.Object({ announced: Type.Integer({ description: 'users' }) })
const Jwks = Type.Object({
  keys: Type.Array(
    Type.Object({
      kid: Type.String(),
      kty: Type.String(),
      crv: Type.String(),
      x: Type.String(),
      y: Type.String(),
      alg: Type.String(),
      use: Type.String(),
    }),
  ),
})

const accounts = ['accounts']
// what ends logins
const logins = ['logins']
const keys = ['keys']

const busy = { 503: ['busy'] }
const ofNobody = { 404: ['not-found'] }
const ofLastAdministrator = { ...ofNobody, 409: ['last-administrator'] }

export const registerSchema = {
  tags: accounts,
  summary: 'Open an account',
  description: 'Answers the same whether or not the address already has an account; then nothing changes.',
  body: Registration,
  response: { 202: Accepted },
  refusals: { ...busy, 400: ['weak-password'] },
}

export const loginSchema = {
  tags: accounts,
  summary: 'Get an access token, and a refresh token for the next one',
  body: Credentials,
  response: { 200: carrying(Tokens, 'Cache-Control') },
  refusals: { ...busy, 401: ['invalid-credentials'] },
}

export const refreshSchema = {
  tags: accounts,
  summary: 'Take a refresh token for new tokens',
  description: 'A refresh token is good once. Whoever brings it again later ends the login it belongs to.',
  body: Refreshing,
  response: { 200: carrying(Tokens, 'Cache-Control') },
  refusals: { 401: ['invalid-refresh-token'] },
}

const nothing = { 204: Type.Null() }

export const logOutSchema = { tags: logins, summary: 'End this login', response: nothing }

export const logOutEverywhereSchema = { tags: logins, summary: 'End all your logins', response: nothing }

export const jwksSchema = {
  tags: keys,
  summary: 'Public keys of access tokens (RFC 7517)',
  response: { 200: carrying(Jwks, 'Cache-Control') },
}

const Successor = Type.Object({ kid: Id, signsFrom: UtcTime })
const SigningKeys = Type.Object({
  keys: Type.Array(
    Type.Object({
      kid: Id,
      state: OneOf(...keyStates),
      createdAt: UtcTime,
      retiredAt: Type.Union([UtcTime, Type.Null()]),
    }),
  ),
})
const OfKey = Type.Object({ kid: Id })

export const signingKeysSchema = {
  tags: keys,
  summary: 'The keys that sign access tokens, newest first',
  description: 'One that waits is published already; one that is retired still is, for an hour.',
  response: { 200: SigningKeys },
}

export const rotateKeySchema = {
  tags: keys,
  summary: 'Give the key that signs a successor',
  description: 'Published at once, it signs two minutes later. 200: one was waiting already.',
  response: { 200: Successor, 201: Successor },
}

export const withdrawKeySchema = {
  tags: keys,
  summary: 'Withdraw a key that somebody else may have',
  description:
    'It signs nothing any more and its tokens are refused, by other services five minutes later at most. ' +
    'The key that waits, or a new one, signs at once.',
  params: OfKey,
  response: nothing,
  refusals: ofNobody,
}

export const meSchema = { tags: accounts, summary: 'Your account', response: { 200: Me }, refusals: ofNobody }

const PasswordChange = Type.Object(
  { currentPassword: SentPassword, newPassword: SentPassword },
  { ...strict, examples: [{ currentPassword: ada.password, newPassword: fresh }] },
)

export const changePasswordSchema = {
  tags: logins,
  summary: 'Change your password, and end all your logins',
  description: 'A wrong current password counts as a failed login. Log in again with the new one.',
  body: PasswordChange,
  response: nothing,
  refusals: { ...busy, ...ofNobody, 400: ['weak-password'], 403: ['wrong-password'] },
}

const ResetRequest = Type.Object({ email: SentEmail }, { ...strict, examples: [{ email: ada.email }] })
const Reset = Type.Object(
  { code: Type.String({ maxLength: 100, description: 'as mailed; good once' }), newPassword: SentPassword },
  { ...strict, examples: [{ code: 'PzU2pP0qWb3mFh6yR1xJ2g', newPassword: fresh }] },
)

export const requestResetSchema = {
  tags: accounts,
  summary: 'Have a code for a new password mailed to you',
  description:
    'Answers the same whether or not the address has an account. An account gets three mails an hour; ' +
    'each code is good for 20 minutes, or until the next one.',
  body: ResetRequest,
  response: { 202: Accepted },
}

export const resetSchema = {
  tags: logins,
  summary: 'Set a new password by a mailed code, and end all your logins',
  description:
    'A code that is wrong, void, used or too old is refused: `invalid-reset-code`. ' +
    'Logins that were refused for too many wrong passwords are possible again.',
  body: Reset,
  response: nothing,
  refusals: { ...busy, 400: ['invalid-reset-code', 'weak-password'] },
}

const NullableTime = Type.Union([UtcTime, Type.Null()])
const Export = Type.Object({
  account: Me,
  logins: Type.Array(Type.Object({ begunAt: UtcTime, endsAt: UtcTime, endedAt: NullableTime })),
  passwordResets: Type.Array(Type.Object({ askedAt: UtcTime, usedAt: NullableTime })),
})
const Password = Type.Object({ password: SentPassword }, { ...strict, examples: [{ password: ada.password }] })
const Reason = Type.Object({ reason: Text(200) }, { ...strict, examples: [{ reason: 'sold stolen goods' }] })
const OfUser = Type.Object({ id: Id })

export const exportSchema = {
  tags: accounts,
  summary: 'Everything this service holds of you',
  response: { 200: Export },
  refusals: ofNobody,
}

export const deleteSchema = {
  tags: logins,
  summary: 'Delete your account',
  description: 'Name and address are forgotten, here and by mailer-service. A wrong password counts as a failed login.',
  body: Password,
  response: nothing,
  refusals: { ...busy, ...ofLastAdministrator, 403: ['wrong-password'] },
}

export const deactivateSchema = {
  tags: logins,
  summary: 'Close an account, and end all its logins',
  description: 'Its logins are refused like those with a wrong password. The last administrator stays: 409.',
  params: OfUser,
  body: Reason,
  response: nothing,
  refusals: ofLastAdministrator,
}

export const reactivateSchema = {
  tags: accounts,
  summary: 'Open a closed account again',
  params: OfUser,
  response: nothing,
  refusals: ofNobody,
}

const UserPage = Type.Object({
  items: Type.Array(
    Type.Object({
      ...person,
      deactivatedAt: NullableTime,
      deactivationReason: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  next: Type.Union([Id, Type.Null()], { description: 'pass as `after` for the next page' }),
})
const UserQuery = Type.Object(
  {
    text: Type.Optional({ ...Text(100), description: 'beginning of an address, or part of a name' }),
    after: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  strict,
)

export const usersSchema = {
  tags: accounts,
  summary: 'Accounts whose address begins with a text, or whose name holds it',
  querystring: UserQuery,
  response: { 200: UserPage },
}

export const roleSchema = {
  tags: logins,
  summary: 'Change what somebody may do',
  description:
    'Their access tokens are called back; a refresh brings one with the new role. The last administrator stays: 409.',
  params: OfUser,
  body: Type.Object({ newRole: Role }, { ...strict, examples: [{ newRole: 'admin' }] }),
  response: nothing,
  refusals: ofLastAdministrator,
}

const ProfileChange = Type.Object(
  { name: Type.Optional(Text(100)), smsNumber: Type.Optional(SmsNumber) },
  { ...strict, minProperties: 1, examples: [{ name: 'Ada L.', smsNumber: '+4915112345678' }] },
)

export const changeProfileSchema = {
  tags: accounts,
  summary: 'Change your name, or whether and where you get an SMS',
  description: 'What is not named stays as it is.',
  body: ProfileChange,
  response: { 200: Me },
  refusals: ofNobody,
}

export const announceSchema = {
  tags: ['operations'],
  summary: "Tell every user's snapshot again, for a new or lost replica",
  response: { 202: Announced },
}
