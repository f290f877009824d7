import { type App, callerOf } from '@order-saga/common'
import type { Sessions } from '../sessions'
import { beginSchema, endSchema, refreshSchema } from './session-schemas'

const anybody = { config: { access: 'public' } } as const
const customers = { config: { access: 'customer' } } as const

/** The console logs in where it comes from: its page asks one origin. */
export function sessionRoutes(app: App, sessions: Sessions): void {
  app.post('/session', { ...anybody, schema: beginSchema }, async (request, reply) => {
    const tokens = await sessions.begin(request, request.body)
    return reply.header('cache-control', 'no-store').send(tokens)
  })
  app.post('/session/refresh', { ...anybody, schema: refreshSchema }, async (request, reply) => {
    const tokens = await sessions.refresh(request, request.body.refreshToken)
    return reply.header('cache-control', 'no-store').send(tokens)
  })
  app.post('/session/end', { ...customers, schema: endSchema }, async (request, reply) => {
    await sessions.end(request, callerOf(request).token)
    return reply.code(204).send(null)
  })
}
