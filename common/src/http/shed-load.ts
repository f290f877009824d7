import { randomInt } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Problem } from './problem'
import { mayRefuse } from './refusals'

export interface LoadLimits {
  /** Requests in hand, held ones among them: with more, nothing new is begun; with twice as many nothing is answered. */
  readonly maxRequests: number
  /** The event loop came so late, twice in a row: whoever is let in now waits for all who are in already. */
  readonly maxDelayMs: number
}

const LOOK_EVERY_MS = 500
// soon enough for people, late enough for the crowd to get through; not all at the same moment
const MIN_RETRY_AFTER_S = 2
const MAX_RETRY_AFTER_S = 10
const READS = new Set(['GET', 'HEAD', 'OPTIONS'])
// how it is must be seen above all when it is not well
const NEVER_SHED = new Set(['/livez', '/readyz', '/metrics'])

/**
 * Refuses what it could only do too late, at once and for next to nothing: 503 with Retry-After. What would begin
 * something new goes first; whoever asks what became of something is answered for longer.
 */
export function shedLoad(app: FastifyInstance, { maxRequests, maxDelayMs }: LoadLimits): void {
  const inHand = new Set<FastifyReply>()
  const loop = new LoopDelay()
  app.addHook('onClose', async () => loop.stop())
  app.addHook('onRoute', (route) => {
    if (!NEVER_SHED.has(route.url)) mayRefuse(route, { 503: ['overloaded'] })
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (NEVER_SHED.has(request.routeOptions.url ?? '')) return done()
    const limit = READS.has(request.method) ? 2 * maxRequests : maxRequests
    if (inHand.size >= limit || loop.delayMs >= maxDelayMs) return done(overloaded())
    inHand.add(reply)
    // whoever hangs up gets no answer
    reply.raw.once('close', () => inHand.delete(reply))
    done()
  })
  app.addHook('onResponse', (_request, reply, done) => {
    inHand.delete(reply)
    done()
  })
}

const overloaded = () =>
  new Problem(503, 'overloaded', 'Too much is going on: try again in a moment.', {
    'Retry-After': String(randomInt(MIN_RETRY_AFTER_S, MAX_RETRY_AFTER_S + 1)),
  })

/** How late timers are. A process that was stopped once and goes on is late once, and not overloaded. */
class LoopDelay {
  #dueMs = performance.now() + LOOK_EVERY_MS
  #lastMs = 0
  delayMs = 0
  readonly #timer = setInterval(() => {
    const lateMs = performance.now() - this.#dueMs
    this.delayMs = Math.min(lateMs, this.#lastMs)
    this.#lastMs = lateMs
    this.#dueMs = performance.now() + LOOK_EVERY_MS
  }, LOOK_EVERY_MS).unref()

  stop(): void {
    clearInterval(this.#timer)
  }
}
