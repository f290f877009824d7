import type { FastifyInstance, FastifyReply } from 'fastify'
import { unavailable } from './problem'

// together below two seconds, with the second that the question itself may take
const SLOW_AFTER_MS = 500
const LOOK_EVERY_MS = 250

/**
 * A request that waits for a server which has fallen silent is answered 503, while its work goes on until its own
 * timeouts end it: whether that work came to anything is unknown, and asked again under the same key.
 * A request that is merely slow waits on, since `isAnswering` is asked on a way that no work can block.
 */
export function giveUpOnSilence(app: FastifyInstance, isAnswering: () => Promise<boolean>): void {
  const waiting = new Map<FastifyReply, number>()
  let isAsking = false
  const look = async () => {
    const slow = [...waiting].filter(([, sinceMs]) => performance.now() - sinceMs > SLOW_AFTER_MS)
    if (slow.length === 0 || isAsking) return
    isAsking = true
    const isThere = await isAnswering().catch(() => false)
    isAsking = false
    if (isThere) return
    for (const [reply] of slow) if (waiting.has(reply) && !reply.raw.headersSent) giveUp(reply)
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  app.addHook('onClose', async () => clearInterval(timer))
  app.addHook('preHandler', (_request, reply, done) => {
    waiting.set(reply, performance.now())
    // whoever hangs up gets no answer
    reply.raw.once('close', () => waiting.delete(reply))
    done()
  })
  app.addHook('onResponse', (_request, reply, done) => {
    waiting.delete(reply)
    done()
  })
}

function giveUp(reply: FastifyReply): void {
  reply.send(unavailable('service-unavailable', 'Try again in a moment.'))
  // of the work's own answer, or the error it ends with, which comes too late, Fastify would warn each time
  reply.log = reply.log.child({}, { level: 'silent' })
}
