import { UUID_V7 } from '@order-saga/common'
import fc from 'fast-check'
import type { TSchema } from 'typebox'

/** Values that mean something in the shop under test, by the name of the property that takes them. */
export interface Known {
  readonly ids: readonly string[]
  readonly words: Readonly<Record<string, readonly string[]>>
}

interface Keywords {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly TSchema[]
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly required?: readonly string[]
  readonly items?: TSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
}

const MAX_ITEMS = 3
const MAX_CHARS = 60

/** What a schema of ours allows, edges included. */
export function valid(schema: TSchema, known: Known, name = ''): fc.Arbitrary<unknown> {
  const keywords = schema as Keywords
  const { type, anyOf, properties = {}, required = [], items, minItems, maxItems, minimum, maximum } = keywords
  if ('const' in keywords) return fc.constant(keywords.const)
  if (keywords.enum) return fc.constantFrom(...keywords.enum)
  if (anyOf) return fc.oneof(...anyOf.map((one) => valid(one, known, name)))
  if (type === 'object') {
    const model = Object.entries(properties).map(([key, property]) => [key, valid(property, known, key)] as const)
    return fc.record(Object.fromEntries(model), { requiredKeys: [...required] })
  }
  if (type === 'array' && items)
    return fc.array(valid(items, known, name), {
      minLength: minItems ?? 0,
      maxLength: Math.max(minItems ?? 0, Math.min(maxItems ?? MAX_ITEMS, MAX_ITEMS)),
    })
  if (type === 'integer') return fc.maxSafeInteger().map((any) => within(any, minimum, maximum))
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (type === 'string') return validText(keywords, known, name)
  throw new Error(`${name}: cannot make up a value for ${JSON.stringify(schema)}`)
}

// from the edges inwards: 0 is the minimum, -1 the maximum
function within(any: number, minimum = 0, maximum = Number.MAX_SAFE_INTEGER): number {
  const range = maximum - minimum + 1
  return minimum + (((any % range) + range) % range)
}

function validText(keywords: Keywords, known: Known, name: string): fc.Arbitrary<string> {
  const made = madeText(keywords, known)
  const words = known.words[name]
  return words ? fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: made }) : made
}

// a code, a number, a place in a list; other patterns say only what there may not be
const hasForm = (pattern: string): boolean => !pattern.startsWith('^[^') && !pattern.includes('(?!')

function madeText(keywords: Keywords, { ids }: Known): fc.Arbitrary<string> {
  const { pattern, format, minLength = 0, maxLength = MAX_CHARS } = keywords
  if (pattern === UUID_V7)
    return fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...ids) },
      { weight: 1, arbitrary: fc.uuid({ version: 7 }) },
    )
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0) }).map((date) => date.toISOString())
  // drawing until one fits would never end
  if (pattern && hasForm(pattern))
    return fc.stringMatching(new RegExp(pattern)).filter(({ length }) => length <= (keywords.maxLength ?? length))
  const allowed = pattern === undefined ? undefined : new RegExp(pattern)
  return fc
    .string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, MAX_CHARS) })
    .filter((text) => text.length <= maxLength && (allowed?.test(text) ?? true))
}
