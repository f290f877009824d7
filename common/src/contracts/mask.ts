/** The part of a payload's JSON Schema that says what must not be shown. */
interface Schema {
  readonly 'x-sensitivity'?: 'personal' | 'secret'
  readonly format?: string
  readonly properties?: Readonly<Record<string, object>>
  readonly items?: object
}

export type Mask = (value: unknown) => unknown

const same: Mask = (value) => value
const cover: Mask = () => '***'
const coverEmail: Mask = (value) => String(value).replace(/^(.?).*?(@[^@]*)?$/su, '$1***$2')

/**
 * What the journal keeps of a payload, and what a person sees of a dead letter: fields marked personal or secret are
 * covered, and so is every field the contract does not know, since nobody has said that it is harmless.
 */
export function maskOf(schema: object): Mask {
  const { 'x-sensitivity': sensitivity, properties, items, format } = schema as Schema
  if (sensitivity) return format === 'email' ? coverEmail : cover
  if (properties) return maskFields(new Map(Object.entries(properties).map(([name, field]) => [name, maskOf(field)])))
  if (items) {
    const maskItem = maskOf(items)
    return (value) => (Array.isArray(value) ? value.map(maskItem) : cover(value))
  }
  return JSON.stringify(schema).includes('x-sensitivity') ? cover : same
}

const maskFields =
  (masks: ReadonlyMap<string, Mask>): Mask =>
  (value) => {
    if (typeof value !== 'object' || value === null) return cover(value)
    const fields = Object.entries(value).map(([name, field]) => [name, (masks.get(name) ?? cover)(field)])
    return Object.fromEntries(fields)
  }
