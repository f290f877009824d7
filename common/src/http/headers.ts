import Type, { type TSchema } from 'typebox'

const text = (description: string) => ({ ...Type.String(), description })

/** Headers of answers that mean something to whoever asked. */
export const HEADERS = {
  'Cache-Control': text('who may keep the answer, and for how long'),
  ETag: text('version of what the body shows, for If-Match and If-None-Match'),
  'Idempotency-Replayed': text('`true`: this is the answer of an earlier request with this key'),
  Location: text('where the result is, or will be'),
  'Preference-Applied': text('the part of Prefer that was heeded (RFC 7240)'),
  RateLimit: text('requests that are left, and seconds until all of them are again'),
  'RateLimit-Policy': text('how many requests there are in how many seconds'),
  'Retry-After': { ...Type.Integer({ minimum: 1 }), description: 'come back after so many seconds' },
  'WWW-Authenticate': text('how to say who is asking (RFC 9110, section 11.6.1)'),
  'X-Accel-Buffering': text('`no`: a proxy is to hand on what comes as it comes'),
  'X-Client-Request-Id': text('the X-Request-Id of the request, if it fits into a log line'),
  'X-Request-Id': text('under which the request is logged; not the one that was sent'),
} as const satisfies Record<string, TSchema & { description: string }>

export type HeaderName = keyof typeof HEADERS

export const headersCalled = (names: readonly HeaderName[]): Record<string, TSchema> =>
  Object.fromEntries(names.map((name) => [name, HEADERS[name]]))

/** An answer with headers of its own, for the document. */
export const carrying = <S extends TSchema>(schema: S, ...names: HeaderName[]): S => ({
  ...schema,
  headers: headersCalled(names),
})
