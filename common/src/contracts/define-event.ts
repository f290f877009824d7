import Type, { type Static, type TObject } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { ServiceName } from './services'

export interface Contract<S extends TObject = TObject> {
  readonly type: string
  readonly version: number
  readonly publisher: ServiceName
  readonly summary: string
  readonly payload: S
  readonly example: Static<S>
  /** `observers`: no service reacts, only the journal listens. */
  readonly audience: 'participants' | 'observers'
  /** CloudEvents `dataschema`: names type and major version. */
  readonly dataschema: string
  /** Which payload field is the CloudEvents `subject`. */
  readonly subject: string
  /** Some field is marked personal, or the declaration says so: its outbox rows are kept for one day instead of seven. */
  readonly isPersonal: boolean
  readonly validator: Validator
}

export type DataOf<C> = C extends Contract<infer S> ? Static<S> : never

interface Declaration<S extends TObject> {
  type: string
  version: number
  publisher: ServiceName
  summary: string
  subject: keyof Static<S> & string
  payload: S
  example: Static<S>
  audience?: 'observers'
  /** Names nobody, and is to be forgotten as soon as what does. */
  isShortLived?: true
}

export const dataschemaOf = (type: string, version: number): string => `urn:order-saga:event:${type}:${version}`

const hasPersonalField = (schema: unknown): boolean => JSON.stringify(schema).includes('"x-sensitivity":"personal"')

/** Declares an event: the only place its type is spelled. Types, validation, bindings, permissions and docs derive from it. */
export function defineEvent<const S extends TObject>(declaration: Declaration<S>): Contract<S> {
  const { type, version, payload, audience = 'participants', isShortLived = false } = declaration
  return Object.freeze({
    ...declaration,
    audience,
    dataschema: dataschemaOf(type, version),
    isPersonal: isShortLived || hasPersonalField(payload),
    validator: Compile(Type.Object(payload.properties)),
  })
}
