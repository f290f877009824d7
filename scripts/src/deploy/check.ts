import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { fail } from '../fail'
import { cloneRoot } from '../infra'
import { run } from '../tools/run'
import { tool } from '../tools/tools'
import { checkByModel } from './postgres-model'
import { readersRefuse } from './readers-refuse'
import { schemaLocations, UNKNOWN_KINDS } from './schemas'

const say = (line: string) => process.stdout.write(`${line}\n`)
const here = { cwd: cloneRoot }

function checkImage(): void {
  run(tool('hadolint'), ['deploy/Dockerfile'], here)
  say('✓ deploy/Dockerfile, by hadolint')
}

function checkCompose(): void {
  run(tool('check-jsonschema'), ['--builtin-schema', 'vendor.compose-spec', 'docker-compose.yml'], here)
  run(tool('cmd'), ['docker-compose.yml'], { ...here, env: { ...process.env, COMPOSE_PROFILES: '*' } })
  say('✓ docker-compose.yml, by the schema of the Compose specification and by what docker compose reads it with')
}

/** Every resource of an overlay, by its schema; then the settings of services by the services themselves. */
function checkOverlay(name: string, folder: string): void {
  const rendered = run(tool('kustomize'), ['build', `deploy/kubernetes/overlays/${name}`], here)
  const file = join(folder, `${name}.yaml`)
  writeFileSync(file, rendered)
  const schemas = schemaLocations().flatMap((location) => ['-schema-location', location])
  const summary = run(tool('kubeconform'), ['-strict', '-summary', '-skip', UNKNOWN_KINDS.join(), ...schemas, file])
  say(`✓ overlay ${name}: ${summary.trim()}`)
  const clusters = parseAllDocuments(rendered)
    .map((document) => document.toJS() as { apiVersion: string } | null)
    .filter((resource) => resource?.apiVersion === 'postgresql.cnpg.io/v1')
  if (clusters.length > 0) {
    checkByModel(clusters.flatMap((cluster) => cluster ?? []))
    say(`✓ overlay ${name}: PostgreSQL's Cluster, by a model of its definition`)
  }
  const refused = readersRefuse(rendered)
  if (refused.length > 0) throw new Error(`overlay ${name} has settings that services refuse:\n${refused.join('\n')}`)
  say(`✓ overlay ${name}: every service takes its settings`)
}

/** npm run deploy:check: everything below deploy, and docker-compose.yml, by tools that know what these files mean. */
function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'order-saga-deploy-'))
  try {
    checkImage()
    checkCompose()
    for (const overlay of ['local', 'production']) checkOverlay(overlay, folder)
    say(`  not validated, for want of a schema: ${UNKNOWN_KINDS[0]}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

try {
  main()
} catch (error) {
  fail(error)
}
