import { ProblemBody, UtcTime } from '@order-saga/common'
import Type from 'typebox'

const tags = ['sessions']
const strict = { additionalProperties: false }
const refusals = { '4xx': ProblemBody, '5xx': ProblemBody }

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
    { ...strict, examples: [{ email: 'admin@shop.example', password: 'correct horse battery staple' }] },
  ),
  response: { 200: Tokens, ...refusals },
}

export const refreshSchema = {
  tags,
  summary: 'Take a refresh token for new tokens',
  body: Type.Object(
    { refreshToken: Type.String({ maxLength: 4096 }) },
    { ...strict, examples: [{ refreshToken: 'q9w-MDxaHhTMh3sUaXfD0lMZ0Lr1tJmAJ0S3SxkR1tk' }] },
  ),
  response: { 200: Tokens, ...refusals },
}

export const endSchema = { tags, summary: 'End this login', response: { 204: Type.Null(), ...refusals } }
