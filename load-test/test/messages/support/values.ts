import { newId, PhoneNumber } from '@order-saga/common'
import fc from 'fast-check'

/** JSON Schema, as far as the contracts use it. */
export interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
}

const HEX_OF_TIME = 12

/** UUIDv7 of today, and now and then one whose day has no partition. */
export const ids = fc
  .tuple(fc.uint8Array({ minLength: 10, maxLength: 10 }), fc.constantFrom(...Array(20).fill(undefined), 0, 1e12, 2e14))
  .map(([bytes, timeMs]) => {
    const now = newId().replaceAll('-', '').slice(0, HEX_OF_TIME)
    const time = timeMs === undefined ? now : timeMs.toString(16).padStart(HEX_OF_TIME, '0')
    const random = Buffer.from(bytes).toString('hex')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`
  })

// few enough that events of one order, user or product meet
const known = fc.sample(ids, { numRuns: 40, seed: 1 })
const idsInUse = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: ids })

const times = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString())

/** Anything the schema allows. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valuesOf))
  if (schema.type === 'object') return objectsOf(schema)
  if (schema.type === 'array') return arraysOf(schema)
  if (schema.type === 'string') return textsOf(schema)
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'integer') return integersOf(schema)
  throw new Error(`no values for ${JSON.stringify(schema)}`)
}

function objectsOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const model = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valuesOf(field)]))
  return fc.record(model, { requiredKeys: [...required] })
}

const arraysOf = ({ items = {}, minItems = 0, maxItems = 10 }: Schema) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.array(valuesOf(items), { minLength: minItems, maxLength: Math.min(maxItems, 4) }) },
    { weight: 1, arbitrary: fc.array(valuesOf(items), { minLength: maxItems, maxLength: maxItems }) },
  )

const integersOf = ({ minimum: min = 0, maximum: max = 2 ** 31 - 1 }: Schema) =>
  fc.oneof({ weight: 4, arbitrary: fc.integer({ min, max: Math.min(max, 2 ** 31 - 1) }) }, fc.constant(max))

function textsOf({ pattern, format, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return times
  if (format === 'email') return fc.emailAddress()
  if (pattern?.includes('-7[0-9a-f]{3}-')) return idsInUse
  if (pattern === '^[A-Z]{3}$') return fc.constantFrom('EUR', 'EUR', 'USD', 'XXX')
  if (pattern && pattern === (PhoneNumber as Schema).pattern) return fc.stringMatching(new RegExp(pattern))
  const allowed = new RegExp(pattern ?? '', 'u')
  return fc
    .string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 30) })
    .filter((text) => allowed.test(text) && text.length <= maxLength)
}
