import { Id, ProblemBody, Role, Text, UtcTime } from '@order-saga/common'
import Type from 'typebox'

// Longer than any address or password is allowed to be: the rules say what is wrong, not the schema.
const SentEmail = Type.String({ maxLength: 320, description: 'case and surrounding spaces do not matter' })
const SentPassword = Type.String({ maxLength: 1024, description: '8 to 256 characters' })

const strict = { additionalProperties: false }

const Registration = Type.Object({ email: SentEmail, name: Text(100), password: SentPassword }, strict)
const Credentials = Type.Object({ email: SentEmail, password: SentPassword }, strict)

const Accepted = Type.Object({ status: Type.Literal('accepted') })
const Token = Type.Object({
  accessToken: Type.String(),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'seconds' }),
})
const Me = Type.Object({ id: Id, email: Type.String(), name: Type.String(), role: Role, createdAt: UtcTime })
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
const refusals = { '4xx': ProblemBody, '5xx': ProblemBody }

export const registerSchema = {
  tags: accounts,
  summary: 'Open an account',
  description: 'Answers the same whether or not the address already has an account; then nothing changes.',
  body: Registration,
  response: { 202: Accepted, ...refusals },
}

export const loginSchema = {
  tags: accounts,
  summary: 'Get an access token',
  body: Credentials,
  response: { 200: Token, ...refusals },
}

export const jwksSchema = {
  tags: ['keys'],
  summary: 'Public keys of access tokens (RFC 7517)',
  response: { 200: Jwks, ...refusals },
}

export const meSchema = { tags: accounts, summary: 'Your account', response: { 200: Me, ...refusals } }

export const announceSchema = {
  tags: ['operations'],
  summary: "Tell every user's snapshot again, for a new or lost replica",
  response: { 202: Announced, ...refusals },
}
