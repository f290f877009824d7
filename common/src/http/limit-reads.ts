import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { rateLimited } from './problem'
import { mayRefuse } from './refusals'

const WINDOW_S = 60

/**
 * Limits how often one user may look, in this process alone: a poll that asked Redis first would cost more than its
 * answer. Far above what the hints of an order lead to; it is for whoever does not wait.
 */
export function limitReads(app: FastifyInstance, perMinute: number): void {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_S })

  const takeOne = async ({ caller }: FastifyRequest) => {
    try {
      await limiter.consume(caller?.userId ?? '')
    } catch (refusal) {
      throw refusal instanceof RateLimiterRes ? rateLimited(refusal.msBeforeNext) : refusal
    }
  }

  app.addHook('onRoute', (route) => {
    if (route.method !== 'GET' || route.config?.access !== 'customer') return
    // after those of the app: by then the caller is known
    route.onRequest = [[route.onRequest ?? []].flat(), takeOne].flat()
    mayRefuse(route, { 429: ['rate-limited'] })
  })
}
