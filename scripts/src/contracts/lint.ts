import { join } from 'node:path'
import { cloneRoot } from '../infra'

/** What `redocly.yaml` finds wrong with OpenAPI and AsyncAPI documents, one line each. */
export async function lintDocuments(paths: readonly string[]): Promise<string[]> {
  const { lint, loadConfig } = await import('@redocly/openapi-core')
  const config = await loadConfig({ configPath: join(cloneRoot, 'redocly.yaml') })
  const found: string[] = []
  for (const path of paths) {
    const problems = await lint({ ref: join(cloneRoot, path), config })
    found.push(
      ...problems.map(({ message, ruleId, location: [at] }) => `${path}${at?.pointer ?? ''} ${message} (${ruleId})`),
    )
  }
  return found
}
