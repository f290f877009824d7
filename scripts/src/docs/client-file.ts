import { basename, dirname } from 'node:path'
import { clientTypes } from './client-types'
import type { Document } from './documents'

const OPENAPI = 'docs/openapi'

/** The types of the client, from the OpenAPI documents among those that are published. */
export function clientFile(published: readonly Document[]): Document {
  const openApi = published.filter(({ path }) => dirname(path) === OPENAPI).sort((a, b) => (a.path < b.path ? -1 : 1))
  const byService = openApi.map(({ path, content }) => [basename(path, '.json'), JSON.parse(content)] as const)
  return { path: 'common/src/client/api.ts', content: clientTypes(Object.fromEntries(byService)) }
}
