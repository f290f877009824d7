import { STATUS_CODES } from 'node:http'
import { HEADERS, type HeaderName } from './headers'
import { describeParameters, type Parameter } from './parameters'
import { ProblemBody } from './problem'
import type { Refusals } from './refusals'

interface Reference {
  readonly $ref: string
}

interface Answer {
  description: string
  headers?: Record<string, Reference>
  content?: Record<string, { readonly schema: object }>
}

interface Operation {
  parameters?: readonly Parameter[]
  responses: Record<string, Answer | Reference>
  'x-refusals'?: Refusals
  'x-always'?: readonly HeaderName[]
}

/** As much of OpenAPI as is needed here. */
export interface ApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: Readonly<Record<string, object>>
}

// what @fastify/swagger says of an answer that says nothing of itself
const UNTOLD = 'Default Response'

const EVERYWHERE: readonly HeaderName[] = ['X-Request-Id', 'X-Client-Request-Id']

const headersOf = (status: number, slugs: readonly string[]): readonly HeaderName[] => {
  if (status === 401) return ['WWW-Authenticate']
  return status === 429 || status === 503 || slugs.includes('idempotency-in-progress') ? ['Retry-After'] : []
}

/**
 * Completes a document: each operation gets its parameters' meanings and the problems it may be refused with, by status, and each answer the headers
 * that all of them have. What is said twice is said once, under `components`.
 */
export function describeAnswers(document: ApiDocument): ApiDocument {
  const answers: Record<string, Answer> = {}
  const named = (status: number, slugs: readonly string[], always: readonly HeaderName[]): Reference => {
    const name = [status, ...(always.length > 0 ? ['counted'] : []), ...slugs].join('.')
    answers[name] ??= refusal(status, slugs, always)
    return { $ref: `#/components/responses/${name}` }
  }
  for (const [path, operation] of operationsOf(document)) {
    describeParameters(path, operation.parameters ?? [])
    const { 'x-refusals': refusals = {}, 'x-always': always = [], responses } = operation
    for (const [status, answer] of Object.entries(responses as Record<string, Answer>)) {
      if (answer.description === UNTOLD) answer.description = STATUS_CODES[status] ?? status
      addHeaders(answer, [...always, ...EVERYWHERE])
    }
    for (const [key, slugs] of Object.entries(refusals)) {
      const own = responses[key] as Answer | undefined
      const sorted = slugs.toSorted()
      if (own) addProblem(own, Number(key), sorted)
      else responses[key] = named(Number(key), sorted, always)
    }
    delete operation['x-refusals']
    delete operation['x-always']
  }
  const sorted = Object.fromEntries(Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1)))
  const schemas = { ...document.components?.schemas, Problem: ProblemBody }
  const headers = headersIn(JSON.stringify([document.paths, answers]))
  return { ...document, components: { ...document.components, schemas, headers, responses: sorted } }
}

const operationsOf = ({ paths = {} }: ApiDocument): [string, Operation][] =>
  Object.entries(paths).flatMap(([path, verbs]) =>
    Object.values(verbs).map((operation): [string, Operation] => [path, operation]),
  )

const reference = (name: HeaderName) => ({ $ref: `#/components/headers/${name}` })

function headersIn(text: string): object {
  const used = Object.entries(HEADERS).filter(([name]) => text.includes(`"${reference(name as HeaderName).$ref}"`))
  return Object.fromEntries(used.map(([name, { description, ...schema }]) => [name, { description, schema }]))
}

function addHeaders(answer: Answer, names: readonly HeaderName[]): void {
  const own = Object.keys(answer.headers ?? {}) as HeaderName[]
  answer.headers = Object.fromEntries([...new Set([...own, ...names])].map((name) => [name, reference(name)]))
}

const refusal = (status: number, slugs: readonly string[], always: readonly HeaderName[]): Answer => {
  const answer: Answer = { description: descriptionOf(status, slugs) }
  addHeaders(answer, [...always, ...EVERYWHERE])
  addProblem(answer, status, slugs)
  return answer
}

const descriptionOf = (status: number, slugs: readonly string[]) =>
  `${STATUS_CODES[status]}: ${slugs.map((slug) => `\`${slug}\``).join(', ')}`

function addProblem(answer: Answer, status: number, slugs: readonly string[]): void {
  const type = { enum: slugs.map((slug) => `/problems/${slug}`) }
  const schema = {
    allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { type, status: { const: status } } }],
  }
  addHeaders(answer, headersOf(status, slugs))
  answer.content = { ...answer.content, 'application/problem+json': { schema } }
}
