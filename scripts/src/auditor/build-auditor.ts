import {
  buildApp,
  createLogger,
  healthRoutes,
  Metrics,
  notFound,
  readSettings,
  type TokenRules,
  tokenVerifier,
} from '@order-saga/common'
import type { AuditSources } from '../audit/index'
import { Audits } from './audits'
import { beginSchema, findSchema } from './schemas'

export const AUDITOR_PORT = 8091

const names = ['port', 'host', 'logLevel', 'jwksUrl', 'tokenIssuer', 'tokenAudience'] as const

export interface AuditorConfig extends TokenRules {
  readonly port: number
  readonly host: string
  readonly logLevel: string
}

export const readAuditorConfig = (env: NodeJS.ProcessEnv): AuditorConfig => readSettings(names, env, AUDITOR_PORT)

const config = { access: 'admin' } as const
// as npm run audit
const WAIT_MS = 30_000

/**
 * The auditor as a process beside the services. It may read every database, which no service may, and therefore is asked
 * by administrators alone: it keeps their tokens' signatures, and no list of revoked ones.
 */
export async function buildAuditor(settings: AuditorConfig, sources: () => AuditSources, waitMs = WAIT_MS) {
  const metrics = new Metrics('auditor')
  const app = await buildApp({
    service: 'auditor',
    about: 'Says whether the shop keeps its promises. It asks the servers, and believes no service.',
    logger: createLogger('auditor', settings.logLevel),
    metrics,
    authenticate: tokenVerifier(settings),
  })
  const audits = new Audits({ sources, waitMs, log: app.log })
  healthRoutes(app, async () => [], metrics)
  app.post('/audits', { config, schema: beginSchema }, async (_request, reply) => reply.code(202).send(audits.begin()))
  app.get('/audits/:id', { config, schema: findSchema }, async ({ params }) => {
    const run = audits.find(params.id)
    if (!run) throw notFound('audit')
    return run
  })
  return { start: () => app.listen({ port: settings.port, host: settings.host }), stop: () => app.close() }
}
