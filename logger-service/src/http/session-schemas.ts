import { carrying, settings, UtcTime } from '@order-saga/common'
import Type from 'typebox'

const tags = ['sessions']
const strict = { additionalProperties: false }
const away = ['service-unreachable']

// of development: works at once
const { adminEmail, adminPassword } = settings
const administrator = { email: adminEmail.developmentFallback, password: adminPassword.developmentFallback }

const Tokens = Type.Object({
  accessToken: Type.String(),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'seconds' }),
  refreshToken: Type.String({ description: 'for POST /session/refresh; good once' }),
  sessionEndsAt: UtcTime,
})

export const beginSchema = {
  tags,
  summary: 'Log in; auth-service decides, and its limits hold',
  body: Type.Object(
    { email: Type.String({ maxLength: 320 }), password: Type.String({ maxLength: 1024 }) },
    { ...strict, examples: [administrator] },
  ),
  response: { 200: carrying(Tokens, 'Cache-Control') },
  refusals: { 401: ['invalid-credentials'], 429: ['rate-limited'], 503: ['busy', ...away] },
}

export const refreshSchema = {
  tags,
  summary: 'Take a refresh token for new tokens',
  body: Type.Object(
    { refreshToken: Type.String({ maxLength: 4096 }) },
    { ...strict, examples: [{ refreshToken: 'q9w-MDxaHhTMh3sUaXfD0lMZ0Lr1tJmAJ0S3SxkR1tk' }] },
  ),
  response: { 200: carrying(Tokens, 'Cache-Control') },
  refusals: { 401: ['invalid-refresh-token'], 503: away },
}

export const endSchema = { tags, summary: 'End this login', response: { 204: Type.Null() }, refusals: { 503: away } }
