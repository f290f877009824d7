import Type from 'typebox'
import type { Metrics } from '../metrics'
import type { App } from './build-app'

/** Names of what is missing; empty when the service can do its work. */
export type Readiness = () => Promise<string[]>

const HealthBody = Type.Object({
  status: Type.String(),
  missing: Type.Optional(Type.Array(Type.String())),
  alarms: Type.Optional(Type.Integer({ description: 'since the start; a person should look' })),
})

/** Brings up to date what is only counted when somebody asks. */
export type Observe = () => Promise<unknown>

/** Public and bare: liveness asks nobody, readiness names what is missing without details. */
export function healthRoutes(app: App, readiness: Readiness, metrics: Metrics, observe?: Observe): void {
  const config = { access: 'public' } as const
  const tags = ['operations']
  const alive = { tags, summary: 'Whether the process runs', response: { 200: HealthBody } }
  const ready = {
    tags,
    summary: 'Whether it can do its work, and what is missing if not',
    response: { 200: HealthBody, 503: HealthBody },
  }
  app.get('/livez', { config, schema: alive }, async () => ({ status: 'alive' }))
  app.get('/readyz', { config, schema: ready }, async (_request, reply) => {
    const missing = await readiness()
    const alarms = await alarmsOf(metrics)
    const more = alarms > 0 ? { alarms } : {}
    if (missing.length === 0) return { status: 'ready', ...more }
    return reply.code(503).send({ status: 'not ready', missing, ...more })
  })
  app.get('/metrics', { config, schema: { hide: true } }, async (_request, reply) => {
    // what they find is shown
    await Promise.all([readiness(), observe?.()])
    reply.header('content-type', metrics.registry.contentType)
    return metrics.registry.metrics()
  })
}

async function alarmsOf({ alarms }: Metrics): Promise<number> {
  const { values } = await alarms.get()
  return values.reduce((sum, { value }) => sum + value, 0)
}
