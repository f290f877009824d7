import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from './network-of'
import { rateLimited, secondsOf } from './problem'
import type { RateLimit } from './rate-limit'
import { isWrite, mayRefuse } from './refusals'

/**
 * Limits what changes something, by user, and by address where nobody has to say who is asking. Routes of
 * administrators are not limited: they work through thousands of dead letters or products. Nor are those for senders who
 * sign: one address speaks for all customers.
 *
 * Every answer says how much is left, as draft-ietf-httpapi-ratelimit-headers-10 has it (`RateLimit-Policy`,
 * `RateLimit`).
 */
export function limitWrites(app: FastifyInstance, limit: RateLimit): void {
  const { name, points, windowS } = limit.quota
  const policy = `"${name}";q=${points};w=${windowS}`

  const takeOne = async (request: FastifyRequest, reply: FastifyReply) => {
    const { isExceeded, remaining, resetMs } = await limit.take(keyOf(request))
    reply.header('ratelimit-policy', policy)
    reply.header('ratelimit', `"${name}";r=${remaining};t=${secondsOf(resetMs)}`)
    if (isExceeded) throw rateLimited(resetMs)
  }

  app.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (!isWrite(route) || access === undefined || access === 'admin' || route.config?.refuseUnsigned) return
    // after those of the app: by then the caller is known
    route.onRequest = [[route.onRequest ?? []].flat(), takeOne].flat()
    mayRefuse(route, { 429: ['rate-limited'] })
    route.schema = { ...route.schema, always: ['RateLimit-Policy', 'RateLimit'] }
  })
}

const keyOf = ({ caller, ip }: FastifyRequest): string =>
  caller ? `user:${caller.userId}` : `address:${networkOf(ip)}`
