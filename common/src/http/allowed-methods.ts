import type { FastifyInstance } from 'fastify'

const escaped = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const patternOf = (url: string) =>
  new RegExp(
    `^${url
      .replace(/\*$/, '')
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : escaped(part)))
      .join('/')}${url.endsWith('*') ? '.*' : ''}$`,
  )

/** Answers which verbs a path knows: Fastify takes a known path with the wrong verb for an unknown path. */
export function allowedMethods(app: FastifyInstance): (path: string) => string[] {
  const routes: { pattern: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ pattern: patternOf(url), methods: [method].flat() })
  })
  return (path) => {
    const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods)
    return [...new Set(methods)].sort()
  }
}
