import { type Access, type ServiceName, serviceNames } from '@order-saga/common'
import type { TSchema } from 'typebox'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: TSchema
}

type Content = Readonly<Record<string, { readonly schema?: TSchema }>>

interface Described {
  readonly 'x-access': Access
  readonly tags?: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

/** A verb on a path, as the service's own OpenAPI document describes it. */
export interface Operation extends Described {
  readonly service: ServiceName
  readonly method: string
  /** With `{name}` for each parameter. */
  readonly path: string
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
}

export async function operationsOf(service: ServiceName, url: string): Promise<Operation[]> {
  const document = (await (await fetch(`${url}/docs/json`)).json()) as Document
  return Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, described]) => ({ ...described, service, path, method: verb.toUpperCase() })),
  )
}

export const allOperations = async (urlOf: (service: ServiceName) => string): Promise<Operation[]> =>
  (await Promise.all(serviceNames.map((service) => operationsOf(service, urlOf(service))))).flat()

export const nameOf = ({ service, method, path }: Operation): string => `${service} ${method} ${path}`

const jsonOf = (content: Content | undefined): TSchema | undefined => content?.['application/json']?.schema

export const bodyOf = ({ requestBody }: Operation): TSchema | undefined => jsonOf(requestBody?.content)

export interface Answer {
  readonly type: string
  readonly schema: TSchema | undefined
}

/** What is said about the answer with this status; undefined: nothing is. */
export function answerOf({ responses }: Operation, status: number): Answer | undefined {
  const described = responses[status]
  const [[type, { schema }] = ['', { schema: undefined }]] = Object.entries(described?.content ?? {})
  return described && { type, schema }
}
