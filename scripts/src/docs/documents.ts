import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { composeParts } from '../deploy/compose-services'
import { envExample } from '../deploy/env-example'
import { haproxyConfig } from '../deploy/haproxy'
import { kubernetesFiles } from '../deploy/kubernetes/files'
import { prometheusTargets } from '../deploy/prometheus-targets'
import { replaceParts } from '../deploy/replace-parts'
import { cloneRoot } from '../infra'
import { redisAcl, redisPrefix } from '../infra/redis-acl'
import { participants } from '../participants'
import { ASYNCAPI_PATH, asyncApi } from './asyncapi'
import { canvasTables } from './canvas'
import { eventCatalogue } from './event-pages'
import { openApiDocuments } from './openapi'
import { reactionsFile } from './reactions-file'
import { replaceTables } from './replace-tables'
import { settingsPage } from './settings-page'
import { generatedTables } from './tables'

export interface Document {
  readonly path: string
  readonly content: string
}

const developmentPassword = (user: string) => `development-only-${user}`

const withParts = (path: string, parts: Record<string, string>): string =>
  replaceParts(readFileSync(join(cloneRoot, path), 'utf8'), parts)

/** What others may go by: HTTP and events. */
export async function publishedDocuments(): Promise<Document[]> {
  return [{ path: ASYNCAPI_PATH, content: asyncApi() }, ...(await openApiDocuments())]
}

/** Every other file that is written, in whole or in part, from the code: as it should be now. */
export function documents(): Document[] {
  const withTables = (path: string, tables: Record<string, string>): Document => {
    return { path, content: replaceTables(readFileSync(join(cloneRoot, path), 'utf8'), tables) }
  }
  return [
    { path: 'common/src/contracts/reactions.ts', content: reactionsFile() },
    { path: 'deploy/redis.acl', content: redisAcl(redisPrefix({}), developmentPassword) },
    { path: 'docs/events.md', content: eventCatalogue() },
    { path: 'docs/settings.md', content: settingsPage() },
    { path: 'docker-compose.yml', content: withParts('docker-compose.yml', composeParts()) },
    { path: 'deploy/entry/haproxy.cfg', content: haproxyConfig() },
    { path: '.env.example', content: envExample() },
    ...kubernetesFiles(),
    ...prometheusTargets(),
    withTables('README.md', generatedTables()),
    ...participants.map((participant) => withTables(`${participant.service}/README.md`, canvasTables(participant))),
  ]
}

/** What the repository holds; undefined: no such file. */
export const contentOf = (path: string): string | undefined => {
  const file = join(cloneRoot, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
