import type { RouteOptions } from 'fastify'
import type { HeaderName } from './headers'

/** Slugs of problems, by status. */
export type Refusals = Readonly<Record<number, readonly string[]>>

declare module 'fastify' {
  interface FastifySchema {
    /** What the route itself refuses. What others refuse on its behalf, they add: see `mayRefuse`. */
    refusals?: Refusals
    /** Headers that any of its answers may carry. */
    always?: readonly HeaderName[]
  }
}

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

export const isWrite = ({ method }: Pick<RouteOptions, 'method'>): boolean =>
  [method].flat().some((one) => WRITES.has(one))

/** Whoever refuses requests of a route before the route sees them says so here: its document tells of it. */
export function mayRefuse(route: RouteOptions, more: Refusals): void {
  if (!route.config?.access) return
  const merged = new Map(Object.entries(route.schema?.refusals ?? {}))
  for (const [status, slugs] of Object.entries(more))
    merged.set(status, [...new Set([...(merged.get(status) ?? []), ...slugs])])
  route.schema = { ...route.schema, refusals: Object.fromEntries(merged) }
}
