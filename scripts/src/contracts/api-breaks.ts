import { OF_ANSWERS, OF_REQUESTS, type Schema, schemaBreaks } from './schema-breaks'

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

interface Parameter {
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly schema: Schema
}

interface Operation {
  readonly 'x-access'?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

/** As much of OpenAPI as is compared. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const ACCESS = ['public', 'customer', 'admin']

/** What breaks a client that goes by the document as it was published before, in sentences. */
export function apiBreaks(service: string, before: ApiDocument, after: ApiDocument | undefined): string[] {
  const told = Object.entries(before.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).flatMap(([verb, operation]) => {
      const now = after?.paths[path]?.[verb]
      const name = `${service} ${verb.toUpperCase()} ${path}`
      return now ? operationBreaks(operation, now).map((what) => `${name}: ${what}`) : [`${name} is gone`]
    }),
  )
  return told.map(
    (what) => `${what}. Keep it for those who use it, and offer the new one under another name beside it.`,
  )
}

function operationBreaks(before: Operation, after: Operation): string[] {
  const [was, is] = [before['x-access'] ?? '', after['x-access'] ?? '']
  return [
    ...(ACCESS.indexOf(is) > ACCESS.indexOf(was) ? [`was for ${was} and is for ${is}`] : []),
    ...parameterBreaks(before.parameters ?? [], after.parameters ?? []),
    ...bodyBreaks(before.requestBody?.content, after.requestBody?.content),
    ...answerBreaks(before, after),
  ]
}

function parameterBreaks(before: readonly Parameter[], after: readonly Parameter[]): string[] {
  const find = (all: readonly Parameter[], { in: place, name }: Parameter) =>
    all.find((one) => one.in === place && one.name === name)
  const ofOld = before.flatMap((parameter) => {
    const now = find(after, parameter)
    if (!now) return [`the parameter ${parameter.name} is gone`]
    return schemaBreaks(parameter.schema, now.schema, OF_REQUESTS, parameter.name)
  })
  const demanded = after.filter((parameter) => parameter.required && !find(before, parameter)?.required)
  return [...ofOld, ...demanded.map(({ name }) => `the parameter ${name} is required now`)]
}

const JSON_TYPE = 'application/json'

function bodyBreaks(before: Content | undefined, after: Content | undefined): string[] {
  if (!before) return after ? ['a body is required now'] : []
  if (!after) return ['the body is refused now']
  const breaks = schemaBreaks(before[JSON_TYPE]?.schema ?? {}, after[JSON_TYPE]?.schema ?? {}, OF_REQUESTS)
  return breaks.map((what) => `of the body, ${what}`)
}

/** Of what went well: which refusals there are may change, a client knows them by their type. */
function answerBreaks(before: Operation, after: Operation): string[] {
  const good = Object.entries(before.responses).filter(([status]) => Number(status) < 400)
  return good.flatMap(([status, { content = {} }]) => {
    const now = after.responses[status]
    if (!now) return [`the answer ${status} is gone`]
    return Object.entries(content).flatMap(([type, { schema = {} }]) => {
      const media = now.content?.[type]
      if (!media) return [`the answer ${status} is no longer ${type}`]
      return schemaBreaks(schema, media.schema ?? {}, OF_ANSWERS).map((what) => `of the answer ${status}, ${what}`)
    })
  })
}
