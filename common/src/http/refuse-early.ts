import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { hasNul } from '../nul'
import { Problem } from './problem'
import { mayRefuse } from './refusals'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Of senders who have no token and sign what they send: what is wrong with that. Asked before the body is read,
     * without it, and again before it is parsed.
     */
    refuseUnsigned?: (request: FastifyRequest, body?: Buffer) => Problem | undefined
  }
}

const noNul = () => new Problem(400, 'validation', 'NUL is not accepted.')

/** Refuses what no route wants: NUL anywhere, other bodies than JSON, a body nobody reads, two tokens at once, no Host. */
export function refuseEarly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser(['text/plain', 'application/json'])
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const unsigned = request.routeOptions.config.refuseUnsigned?.(request, Buffer.from(body))
    if (unsigned) return done(unsigned)
    // decoded, every wrong byte would become the same character: two passwords could be one
    if (!isUtf8(Buffer.from(body))) return done(new Problem(400, 'malformed-json', 'The body is not UTF-8.'))
    const text = String(body)
    if (hasNul(text)) done(noNul())
    else parse(request, text, done)
  })
  app.addHook('onRoute', (route) => mayRefuse(route, { 400: ['malformed-request'], 401: ['unauthenticated'] }))
  app.addHook('onRequest', (request, _reply, done) => done(refusalOf(request)))
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.routeOptions.schema?.body || isEmpty(request)) done()
    else done(new Problem(400, 'validation', 'No body is expected.'))
  })
}

function refusalOf(request: FastifyRequest): Problem | undefined {
  const { url, raw, routeOptions } = request
  if (url.includes('%00')) return noNul()
  if (raw.httpVersion === '1.1' && raw.headers.host === undefined)
    return new Problem(400, 'malformed-request', 'The header Host is missing.')
  const tokens = raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization')
  if (tokens.length > 1)
    return new Problem(401, 'unauthenticated', 'Send one access token.', { 'WWW-Authenticate': 'Bearer' })
  return routeOptions.config?.refuseUnsigned?.(request)
}

/** Many clients send `{}` where they have nothing to say. */
const isEmpty = ({ body }: FastifyRequest): boolean =>
  body === undefined ||
  (typeof body === 'object' && body !== null && !Array.isArray(body) && Object.keys(body).length === 0)
