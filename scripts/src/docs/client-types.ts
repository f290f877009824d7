import { type Schema, SchemaTypes } from './schema-types'

/** As much of an OpenAPI document as a client needs. */
export interface ApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly responses?: Readonly<Record<string, unknown>> }
}

interface Operation {
  readonly operationId?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content; readonly required?: boolean }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

interface Parameter {
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly schema: Schema
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

const NOTE = `// generated from the services' OpenAPI documents: npm run docs

/** What every service may be asked: a request's parts, and what answers it. */
`

/** common/src/client/api.ts: the types of every operation of every service, and of what is refused. */
export function clientTypes(documents: Readonly<Record<string, ApiDocument>>): string {
  const all = Object.entries(documents).map(([service, document]) => [service, operationsOf(document)] as const)
  const types = new SchemaTypes(all.flatMap(([, operations]) => operations.flatMap(schemasOf)))
  const services = all.map(
    ([service, operations]) => `  '${service}': {\n${operations.map(linesOf(types)).join('')}  }\n`,
  )
  const slugs = slugsIn(documents).map((slug) => `\n  | '${slug}'`)
  const refused = `/** Why something may be refused: stable for programs. */\nexport type Slug =${slugs.join('')}\n`
  return `${NOTE}export interface Api {\n${services.join('')}}\n\n${types.declarations()}\n${refused}`
}

type Named = Operation & { readonly key: string }

const operationsOf = ({ paths = {} }: ApiDocument): Named[] =>
  Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({ ...operation, key: `${method.toUpperCase()} ${path}` })),
  )

const JSON_TYPE = 'application/json'

const bodyOf = ({ requestBody }: Operation) => requestBody?.content[JSON_TYPE]?.schema

const answersOf = ({ responses }: Operation): Schema[] => {
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  return good.flatMap(([, { content }]) => content?.[JSON_TYPE]?.schema ?? [])
}

/** What may become types with a name: after what they are part of. */
const schemasOf = (operation: Named): [string, Schema][] => {
  const { operationId = '' } = operation
  const body = bodyOf(operation)
  return [
    ...(body ? [[`${operationId}Body`, body] as [string, Schema]] : []),
    ...answersOf(operation).map((schema): [string, Schema] => [`${operationId}Answer`, schema]),
  ]
}

const linesOf = (types: SchemaTypes) => (operation: Named) => {
  const body = bodyOf(operation)
  const parts = [
    ...['path', 'query', 'header'].map((place) => parametersOf(operation, place, types)),
    body ? `body${operation.requestBody?.required ? '' : '?'}: ${types.typeOf(body)}` : '',
    `answer: ${[...new Set(answersOf(operation).map((schema) => types.typeOf(schema)))].join(' | ') || 'undefined'}`,
  ].filter((part) => part !== '')
  const line = `    '${operation.key}': { ${parts.join('; ')} }\n`
  return line.length <= 121
    ? line
    : `    '${operation.key}': {\n${parts.map((part) => `      ${part}\n`).join('')}    }\n`
}

function parametersOf({ parameters = [] }: Operation, place: string, types: SchemaTypes): string {
  const own = parameters.filter((parameter) => parameter.in === place)
  if (own.length === 0) return ''
  const isOptional = own.every(({ required }) => !required)
  const required = own.filter((parameter) => parameter.required).map(({ name }) => name)
  const properties = Object.fromEntries(own.map(({ name, schema }) => [name, schema]))
  const name = place === 'header' ? 'headers' : place
  return `${name}${isOptional ? '?' : ''}: ${types.inline({ type: 'object', properties, required })}`
}

/** Problems are told apart by the end of their `type`. */
function slugsIn(documents: Readonly<Record<string, ApiDocument>>): string[] {
  const found = JSON.stringify(documents).matchAll(/"\/problems\/([a-z-]+)"/g)
  return [...new Set([...found].map(([, slug = '']) => slug))].sort()
}
