import { type Contract, catalogue } from '@order-saga/common'
import { participants } from '../participants'
import { table } from './table'

interface Schema {
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly 'x-sensitivity'?: string
}

/** Source of `docs/events.md`: every event, field by field. */
export const eventCatalogue = (): string => `${HEAD}${catalogue.map(eventPage).join('\n')}`

const HEAD = `# Events

<!-- Written by \`npm run docs\` from \`common/src/contracts\`: change those instead. -->

Each travels in a CloudEvents 1.0 envelope (\`common/src/contracts/envelope.ts\`); \`type\` is its routing key on \`shop.events\`.
Readers ignore fields they do not know. Adding an optional field keeps the version; anything else is a new version beside the old one.

`

function eventPage(contract: Contract): string {
  const { type, version, publisher, summary, subject, payload, example, audience, isPersonal } = contract
  // not the written table of reactions: that is as old as what was compiled last
  const readers = participants.flatMap(({ service, reactions = [], hearsEverything }) =>
    reactions
      .filter((reaction) => reaction.type === type && !hearsEverything)
      .map(
        ({ step, compensates }) => `${service} (\`${step}\`${compensates ? `, which undoes \`${compensates}\`` : ''})`,
      ),
  )
  const heardBy = audience === 'observers' ? 'nobody but the journal' : readers.join(', ')
  const forgotten = isPersonal ? ' It is personal: outboxes keep it for a day.' : ''
  const rows = fieldsOf(payload as Schema).map(({ name, kind, notes }) => [`\`${name}\``, kind, notes])
  return `## ${type}

${summary} Version ${version}, told by ${publisher} about \`${subject}\`, heard by ${heardBy}.${forgotten}

${table(['field', 'is', ''], rows)}

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`
`
}

interface Field {
  readonly name: string
  readonly kind: string
  readonly notes: string
}

/** Flat, with `lines[].quantity` for what lies deeper. */
function fieldsOf({ properties = {}, required = [] }: Schema, prefix = ''): Field[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = prefix + key
    const isOptional = !required.includes(key)
    const notes = [isOptional && 'optional', schema['x-sensitivity']].filter(Boolean).join(', ')
    const inner = schema.items ? fieldsOf(schema.items, `${name}[].`) : fieldsOf(schema, `${name}.`)
    return [{ name, kind: kindOf(schema), notes }, ...inner]
  })
}

function kindOf({ type, description, enum: values, anyOf, items }: Schema): string {
  if (anyOf) return anyOf.map(kindOf).join(' or ')
  if (values) return values.map((value) => `\`${String(value)}\``).join(', ')
  if (items) return `list of ${items.properties ? 'objects' : kindOf(items)}`
  return description ?? type ?? 'anything'
}
