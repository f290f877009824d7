import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>
}

/**
 * TypeBox validates requests as it validates events. Bodies are taken as sent: "2" is not 2. In path, query and headers
 * everything is text, so what is declared a number may be written as one; 1.5 is still no integer.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  return (sent: unknown) => {
    const value = httpPart === 'body' ? sent : readNumbers(schema as ObjectSchema, sent)
    if (validator.Check(value)) return { value }
    return { error: Object.assign(new Error('invalid'), { validation: validator.Errors(value) }) }
  }
}

function readNumbers({ properties = {} }: ObjectSchema, sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null) return sent
  const entries = Object.entries(sent).map(([name, value]) => [
    name,
    isWholeNumber(properties[name], value) ? Number(value) : value,
  ])
  return Object.fromEntries(entries)
}

const isWholeNumber = (schema: { readonly type?: string } | undefined, value: unknown): boolean =>
  schema?.type === 'integer' && typeof value === 'string' && /^-?\d{1,15}$/.test(value)
