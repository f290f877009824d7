/** A JSON schema as far as it is compared: descriptions, examples and our own keywords break nobody. */
export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly [keyword: string]: unknown
}

/** What may change in a schema without anybody noticing who goes by the old one. */
export interface Tolerance {
  /** What is written may come to hold a field that was optional or unknown before. */
  readonly newRequired: boolean
  /** A field that was always there may be missing. */
  readonly newOptional: boolean
  /** More values than before may be met. */
  readonly wider: boolean
  /** Fewer values than before may be met. */
  readonly narrower: boolean
}

/** Written by old and new publishers, read by old and new readers: while both run, and when events are sent again. */
export const OF_EVENTS: Tolerance = { newRequired: false, newOptional: false, wider: false, narrower: false }
/** Written by us, read by clients that we do not know. */
export const OF_ANSWERS: Tolerance = { newRequired: true, newOptional: false, wider: true, narrower: true }
/** Written by clients that we do not know, and refused when it holds what we do not know. */
export const OF_REQUESTS: Tolerance = { newRequired: false, newOptional: true, wider: true, narrower: false }

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'] as const
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'] as const
const EXACT = ['pattern', 'format'] as const

/** What breaks somebody who goes by `before`, in sentences that begin with the field. */
export function schemaBreaks(before: Schema, after: Schema, allowed: Tolerance, field = ''): string[] {
  const [old, fresh] = [kindOf(before), kindOf(after)]
  if (old !== fresh) return isOtherKind(old, fresh, allowed) ? [`${nameOf(field)} was ${old} and is ${fresh}`] : []
  return [
    ...valueBreaks(before, after, allowed, field),
    ...boundBreaks(before, after, allowed, field),
    ...propertyBreaks(before, after, allowed, field),
    ...(before.items && after.items ? schemaBreaks(before.items, after.items, allowed, `${field}[]`) : []),
    ...branchBreaks(before, after, allowed, field),
  ]
}

const nameOf = (field: string) => (field === '' ? 'the whole' : `the field ${field}`)

const kindOf = ({ type, enum: values, const: value, anyOf }: Schema): string => {
  if (anyOf) return 'one of several'
  const [sample] = values ?? [value]
  return type ?? (sample === undefined ? 'anything' : sample === null ? 'null' : typeof sample)
}

/** What may be anything includes what it was. */
const isOtherKind = (old: string, fresh: string, { wider, narrower }: Tolerance): boolean =>
  !((fresh === 'anything' && wider) || (old === 'anything' && narrower))

const valuesOf = ({ enum: values, const: value }: Schema): readonly unknown[] | undefined =>
  values ?? (value === undefined ? undefined : [value])

function valueBreaks(before: Schema, after: Schema, { wider, narrower }: Tolerance, field: string): string[] {
  const [old, fresh] = [valuesOf(before), valuesOf(after)]
  const gone = narrower ? [] : old ? (fresh ? old.filter((value) => !fresh.includes(value)) : []) : fresh && ['others']
  const added = wider ? [] : fresh ? (old ? fresh.filter((value) => !old.includes(value)) : []) : old && ['others']
  return [
    ...(gone ?? []).map((value) => `${nameOf(field)} may no longer be ${value}`),
    ...(added ?? []).map((value) => `${nameOf(field)} may now be ${value}`),
  ]
}

function boundBreaks(before: Schema, after: Schema, { wider, narrower }: Tolerance, field: string): string[] {
  const grown = (keyword: string, none: number) => Number(after[keyword] ?? none) - Number(before[keyword] ?? none)
  const isChanged = (keyword: string) => before[keyword] !== after[keyword]
  const tighter = [
    ...LOWER.filter((keyword) => isChanged(keyword) && grown(keyword, Number.NEGATIVE_INFINITY) > 0),
    ...UPPER.filter((keyword) => isChanged(keyword) && grown(keyword, Number.POSITIVE_INFINITY) < 0),
  ]
  const looser = [...LOWER, ...UPPER].filter((keyword) => isChanged(keyword) && !tighter.includes(keyword as never))
  const other = EXACT.filter(isChanged).filter((keyword) => {
    if (before[keyword] === undefined) return !narrower
    return after[keyword] === undefined ? !wider : !(wider && narrower)
  })
  const told = [...(narrower ? [] : tighter), ...(wider ? [] : looser), ...other]
  return told.map(
    (keyword) => `${nameOf(field)} has ${keyword} ${after[keyword] ?? 'no more'}, not ${before[keyword] ?? 'none'}`,
  )
}

function propertyBreaks(before: Schema, after: Schema, allowed: Tolerance, field: string): string[] {
  const [old, fresh] = [before.properties ?? {}, after.properties ?? {}]
  const isRequired = (schema: Schema, name: string) => schema.required?.includes(name) ?? false
  const inside = (name: string) => (field === '' ? name : `${field}.${name}`)
  const ofOld = Object.entries(old).flatMap(([name, schema]) => {
    const now = fresh[name]
    if (!now) return [`the field ${inside(name)} is gone`]
    const isOptional = isRequired(before, name) && !isRequired(after, name)
    const found = isOptional && !allowed.newOptional ? [`the field ${inside(name)} may be missing now`] : []
    return [...found, ...schemaBreaks(schema, now, allowed, inside(name))]
  })
  const demanded = Object.keys(fresh).filter((name) => isRequired(after, name) && !isRequired(before, name))
  const isClosed = after.additionalProperties === false && before.additionalProperties !== false
  return [
    ...ofOld,
    ...(allowed.newRequired ? [] : demanded.map((name) => `the field ${inside(name)} is required now`)),
    ...(isClosed && !allowed.narrower ? [`${nameOf(field)} takes no other fields any more`] : []),
  ]
}

/** Branches have no names: the first one of its kind is taken for the first one of that kind. */
function branchBreaks(before: Schema, after: Schema, allowed: Tolerance, field: string): string[] {
  const [old, fresh] = [before.anyOf ?? [], after.anyOf ?? []]
  const ofOld = old.flatMap((branch) => {
    const now = counterpart(branch, old, fresh)
    if (now) return schemaBreaks(branch, now, allowed, field)
    return allowed.narrower ? [] : [`${nameOf(field)} may no longer be ${kindOf(branch)}`]
  })
  const added = allowed.wider ? [] : fresh.filter((branch) => !counterpart(branch, fresh, old))
  return [...ofOld, ...added.map((branch) => `${nameOf(field)} may now be ${kindOf(branch)}`)]
}

function counterpart(branch: Schema, among: readonly Schema[], others: readonly Schema[]): Schema | undefined {
  const ofKind = (all: readonly Schema[]) => all.filter((one) => kindOf(one) === kindOf(branch))
  return ofKind(others)[ofKind(among).indexOf(branch)]
}
