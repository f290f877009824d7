import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { run } from '../tools/run'
import { install, tool, toolFolder } from '../tools/tools'

const KUBERNETES = '1.37.0'

/** Where the definitions of what operators add to Kubernetes are published: modules of Go, and a folder in each. */
const MODULES = [
  { module: 'github.com/kedacore/keda/v2@v2.21.0', folder: 'config/crd/bases' },
  { module: 'github.com/cert-manager/cert-manager@v1.21.2', folder: 'deploy/crds' },
  { module: 'github.com/traefik/traefik/v3@v3.7.13', folder: 'docs/content/reference/dynamic-configuration' },
] as const

/** Kinds whose definition no registry has: they are not validated, and that is said. */
export const UNKNOWN_KINDS = ['RabbitmqCluster', 'postgresql.cnpg.io/v1/Cluster'] as const

const folder = join(toolFolder, 'schemas')

/** What kubeconform takes as `-schema-location`: Kubernetes' own kinds, and those of operators. */
export function schemaLocations(): string[] {
  install('schemas-kubernetes', KUBERNETES, fetchKubernetes)
  for (const { module, folder: at } of MODULES)
    install(`schemas-${module.replaceAll(/[/@]/g, '-')}`, module, () => fetchOperator(module, at))
  return [
    join(folder, 'kubernetes', '{{.ResourceKind}}{{.KindSuffix}}.json'),
    join(folder, '{{.Group}}', '{{.ResourceKind}}_{{.ResourceAPIVersion}}.json'),
  ]
}

/** A package for Python brings them, with references to where its own reader keeps them. */
function fetchKubernetes(): void {
  const python = join(dirname(tool('kubernetes-validate')), 'python')
  const brought = run(python, ['-c', 'import kubernetes_validate as k; print(k.__path__[0])']).trim()
  const from = join(brought, 'kubernetes-json-schema', `v${KUBERNETES}-local-strict`)
  mkdirSync(join(folder, 'kubernetes'), { recursive: true })
  for (const file of readdirSync(from)) {
    const text = readFileSync(join(from, file), 'utf8').replaceAll('"/api/_definitions.json', '"_definitions.json')
    // by its id a reference would lead to the web, not to the file beside it
    writeFileSync(join(folder, 'kubernetes', file), JSON.stringify({ ...JSON.parse(text), $id: undefined }))
  }
}

function fetchOperator(module: string, at: string): void {
  const answer = run('go', ['mod', 'download', '-json', module], { cwd: toolFolder })
  const { Dir } = JSON.parse(answer) as { Dir: string }
  for (const file of readdirSync(join(Dir, at)).filter((name) => /\.ya?ml$/.test(name)))
    writeSchemas(readFileSync(join(Dir, at, file), 'utf8'))
}

interface Definition {
  readonly kind?: string
  readonly spec: {
    readonly group: string
    readonly names: { readonly kind: string }
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: object } }[]
  }
}

function writeSchemas(text: string): void {
  const definitions = parseAllDocuments(text).map((document) => document.toJS() as Definition | null)
  for (const definition of definitions) {
    if (definition?.kind !== 'CustomResourceDefinition') continue
    const { group, names, versions } = definition.spec
    mkdirSync(join(folder, group), { recursive: true })
    for (const { name, schema } of versions) {
      const file = join(folder, group, `${names.kind.toLowerCase()}_${name}.json`)
      writeFileSync(file, JSON.stringify(strict(schema.openAPIV3Schema)))
    }
  }
}

/** A cluster drops what a definition does not name without a word; here that is a mistake. */
export function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [key, strict(value)])
  const result = Object.fromEntries(entries) as Record<string, unknown>
  if (result['x-kubernetes-int-or-string']) return { type: ['integer', 'string'] }
  const isOpen = result['x-kubernetes-preserve-unknown-fields'] || result.additionalProperties !== undefined
  return isObjectSchema(schema) && !isOpen ? { ...result, additionalProperties: false } : result
}

const isObjectSchema = (schema: object): boolean =>
  'properties' in schema && 'type' in schema && schema.type === 'object'
