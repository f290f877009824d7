/** As much of JSON Schema as the services' schemas use. */
export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly additionalProperties?: boolean | Schema
}

const isObject = ({ type, properties = {} }: Schema) => type === 'object' && Object.keys(properties).length > 0

const childrenOf = ({ properties = {}, items, anyOf = [] }: Schema): [string, Schema][] => [
  ...Object.entries(properties),
  ...(items ? [['', items] as [string, Schema]] : []),
  ...anyOf.map((schema): [string, Schema] => ['', schema]),
]

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
const quoted = (key: string) => (/^[a-z]\w*$/i.test(key) ? key : `'${key}'`)
const literal = (value: unknown) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value))
const union = (types: readonly string[]) => [...new Set(types)].join(' | ') || 'never'

// of an object that stands where it is used
const MAX_INLINE = 80

/** Schemas as TypeScript. An object has a name if it is a whole body, long, or found in more than one place. */
export class SchemaTypes {
  readonly #nameOf = new Map<string, string>()
  readonly #declared = new Map<string, Schema>()
  readonly #seen = new Set<string>()

  constructor(bodies: readonly (readonly [name: string, Schema])[]) {
    for (const [name, schema] of bodies) if (isObject(schema)) this.#declare(name, schema)
    for (const [name, schema] of bodies) this.#visit(name, schema)
  }

  typeOf(schema: Schema): string {
    return (isObject(schema) && this.#nameOf.get(keyOf(schema))) || this.inline(schema)
  }

  /** Without a name of its own. */
  inline(schema: Schema): string {
    const { type, enum: values, anyOf, items } = schema
    if ('const' in schema) return literal(schema.const)
    if (values) return union(values.map(literal))
    if (anyOf) return union(anyOf.map((one) => this.typeOf(one)))
    if (isObject(schema)) return `{ ${this.#properties(schema).join('; ')} }`
    if (type === 'object') return `Readonly<Record<string, ${this.#restOf(schema)}>>`
    if (type === 'array') return items ? `readonly ${bracketed(this.typeOf(items))}[]` : 'readonly unknown[]'
    if (type === 'integer') return 'number'
    return type ?? 'unknown'
  }

  declarations(): string {
    const all = [...this.#declared].map(
      ([name, schema]) => `export interface ${name} {\n  ${this.#properties(schema).join('\n  ')}\n}\n`,
    )
    return all.join('\n')
  }

  #restOf = ({ additionalProperties: rest }: Schema) => (typeof rest === 'object' ? this.typeOf(rest) : 'unknown')

  #properties({ properties = {}, required = [] }: Schema): string[] {
    return Object.entries(properties).map(
      ([name, schema]) => `readonly ${quoted(name)}${required.includes(name) ? '' : '?'}: ${this.typeOf(schema)}`,
    )
  }

  #declare(name: string, schema: Schema): void {
    if (this.#nameOf.has(keyOf(schema))) return
    const wish = capitalised(name)
    let free = wish
    for (let n = 2; this.#declared.has(free); n++) free = `${wish}${n}`
    this.#nameOf.set(keyOf(schema), free)
    this.#declared.set(free, schema)
  }

  #visit(name: string, schema: Schema): void {
    if (isObject(schema)) {
      const isKnown = this.#seen.has(keyOf(schema))
      if (isKnown || this.inline(schema).length > MAX_INLINE) this.#declare(name, schema)
      if (isKnown) return
      this.#seen.add(keyOf(schema))
    }
    for (const [child, part] of childrenOf(schema)) this.#visit(name + capitalised(child), part)
  }
}

const bracketed = (type: string) => (/ \| /.test(type) && !type.startsWith('{') ? `(${type})` : type)

/** What makes two schemas the same type. */
const keyOf = (schema: Schema): string =>
  JSON.stringify(schema, (key, value) =>
    ['description', 'examples', 'default', 'title'].includes(key) ? undefined : value,
  )
