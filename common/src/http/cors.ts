import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

// what pages may send beyond what every page may, and may read of an answer
const ALLOWED_HEADERS =
  'authorization, content-type, idempotency-key, if-match, if-none-match, prefer, traceparent, x-request-id'
const EXPOSED_HEADERS =
  'etag, idempotency-replayed, location, preference-applied, ratelimit, ratelimit-policy, retry-after, www-authenticate, x-client-request-id, x-request-id'
// ten minutes: how long a browser goes by an answer it has, when the list has become another
const MAX_AGE_S = '600'

/**
 * Which pages of other origins may ask and read the answers, refusals included: those of the list. Without credentials,
 * since a browser has none of its own to send: tokens come from the page. For all others nothing is said, and the
 * browser keeps them out.
 */
export function allowOrigins(
  app: FastifyInstance,
  origins: readonly string[],
  methodsOf: (path: string) => readonly string[],
): void {
  if (origins.length === 0) return
  const allowed = new Set(origins)
  app.addHook('onRequest', async (request, reply) => {
    // a cache must not give one page what was meant for another
    reply.header('vary', 'Origin')
    const { origin } = request.headers
    if (origin === undefined || !allowed.has(origin)) return
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS })
    if (isPreflight(request)) return preflight(request, reply, methodsOf)
  })
}

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined

function preflight({ url }: FastifyRequest, reply: FastifyReply, methodsOf: (path: string) => readonly string[]) {
  const methods = methodsOf(url.split('?')[0] ?? '')
  if (methods.length === 0) return
  return reply
    .code(204)
    .headers({
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': MAX_AGE_S,
    })
    .send()
}
