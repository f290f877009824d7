import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Authenticate, Caller } from './authenticate'
import { forbidden, unauthenticated } from './problem'
import { mayRefuse } from './refusals'

/** Who may call a route. `customer`: anybody with a valid token; ownership is checked by every query. */
export type Access = 'public' | 'customer' | 'admin'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    caller: Caller | undefined
  }
}

const isOurs = (url: string) => url !== '/docs' && !url.startsWith('/docs/')

/** Fails closed: a route that does not say who may call it keeps the service from starting. */
export function controlAccess(app: FastifyInstance, authenticate: Authenticate): void {
  app.decorateRequest('caller', undefined)
  app.addHook('onRoute', (route) => {
    const { url, method, config } = route
    if (isOurs(url) && !config?.access) throw new Error(`${String(method)} ${url} does not declare its access`)
    if (config?.access !== 'public') mayRefuse(route, { 401: ['unauthenticated'], 503: ['auth-unavailable'] })
    if (config?.access === 'admin') mayRefuse(route, { 403: ['forbidden'] })
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    if (request.is404 || access === undefined || access === 'public') return
    const caller = await authenticate(request.headers.authorization)
    request.caller = caller
    if (access === 'admin' && caller.role !== 'admin') throw forbidden()
  })
}

/** The caller of a route whose access is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw unauthenticated()
  return request.caller
}
