import { METHODS } from 'node:http'
import fc from 'fast-check'
import { broken, junk, spoilt } from './junk'
import { bodyOf, nameOf, type Operation } from './operations'
import { type Known, valid } from './valid'
import type { Sent } from './wire'

/** Authorization headers, by who sends them. `somebody`: a customer who may lose what a request takes. */
export type Bearers = Readonly<Record<'customer' | 'stranger' | 'admin' | 'somebody', string>>

export interface Asked extends Sent {
  /** Which operation it was made up for; undefined: none. */
  readonly operation: string | undefined
}

const BROKEN_EVERY = 6

/** Every so often what is broken instead of what is valid. */
const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: BROKEN_EVERY - 1, arbitrary: good }, { weight: 1, arbitrary: bad })

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** Byte by byte: encodeURIComponent refuses half of a surrogate pair. */
const percent = (value: unknown): string =>
  Buffer.from(textOf(value))
    .toString('latin1')
    .replace(/[^\w.~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)

// what a path may hold in Node's own client
const rawPiece = fc.oneof(
  fc.constantFrom(
    '%',
    '%zz',
    '%00',
    '%c0%af',
    '%ed%a0%80',
    '..',
    '//',
    ';',
    '%2f',
    '?',
    'x'.repeat(101),
    '[]',
    '__proto__',
  ),
  fc.string({ maxLength: 20 }).map((text) => text.replace(/[^\x21-\x7e]/g, '')),
)

const piece = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  mostly(value.map(percent), fc.oneof(junk.map(percent), rawPiece))

function pathOf({ path, parameters = [] }: Operation, known: Known): fc.Arbitrary<string> {
  const named = parameters.filter((parameter) => parameter.in === 'path')
  const values = fc.tuple(...named.map(({ name, schema }) => piece(valid(schema, known, name))))
  return values.map((texts) =>
    named.reduce((filled, { name }, at) => filled.replace(`{${name}}`, () => texts[at] ?? ''), path),
  )
}

function queryOf({ parameters = [] }: Operation, known: Known): fc.Arbitrary<string> {
  const declared = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema }) =>
      fc.option(
        piece(valid(schema, known, name)).map((text) => `${name}=${text}`),
        { nil: '' },
      ),
    )
  const extra = fc.oneof(
    { weight: 8, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.tuple(rawPiece, rawPiece).map(([name, value]) => `${name}=${value}`) },
    // the same parameter twice
    { weight: 1, arbitrary: fc.constantFrom('limit=1&limit=2', 'before=1&before[]=2', 'limit[$gt]=1', '__proto__=1') },
  )
  return fc.tuple(...declared, extra).map((pairs) => {
    const query = pairs.filter((pair) => pair !== '').join('&')
    return query && `?${query}`
  })
}

function payloadOf(operation: Operation, known: Known): fc.Arbitrary<Buffer | undefined> {
  const schema = bodyOf(operation)
  if (!schema) return mostly(fc.constant(undefined), fc.oneof(junk.map(jsonBytes), spoilt('{}')))
  const sound = valid(schema, known)
  return fc.oneof(
    { weight: 5, arbitrary: sound.map(jsonBytes) },
    { weight: 4, arbitrary: sound.chain(broken).map(jsonBytes) },
    { weight: 1, arbitrary: sound.chain((value) => spoilt(JSON.stringify(value))) },
  )
}

const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

const contentType = mostly(
  fc.constant('application/json'),
  fc.constantFrom(
    'application/json; charset=utf-8',
    'application/json; charset=utf-16',
    'text/plain',
    'application/xml',
    '',
  ),
)

const printable = (value: unknown) => textOf(value).replace(/[^\t\x20-\x7e\x80-\xff]/g, '')

function headersOf({ parameters = [] }: Operation, known: Known): fc.Arbitrary<Record<string, string>> {
  const declared = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name, schema }) => [name, mostly(valid(schema, known, name), junk).map(printable)] as const)
  const odd = {
    'if-none-match': fc.constantFrom('*', '"x"', 'W/"', ','),
    'if-match': fc.constantFrom('*', '"1"', 'W/"1"', '"', ',', '"99999999999999999999"'),
    traceparent: junk.map(printable),
    'content-encoding': fc.constantFrom('gzip', 'identity', 'x'),
    'x-http-method-override': fc.constant('DELETE'),
    origin: fc.constant('https://elsewhere.example'),
  }
  const some = fc.record(odd, { requiredKeys: [] })
  return fc
    .tuple(fc.record(Object.fromEntries(declared), { requiredKeys: [] }), mostly(fc.constant({}), some))
    .map(([own, more]) => ({ ...own, ...more }) as Record<string, string>)
}

function bearer({ 'x-access': access, tags = [] }: Operation, bearers: Bearers): fc.Arbitrary<string> {
  const { customer, stranger, admin, somebody } = bearers
  // it ends the login it is asked for with
  if (tags.includes('logins') || tags.includes('sessions'))
    return mostly(fc.constant(somebody), fc.constantFrom('', 'Bearer e30.e30.e30'))
  const fitting = access === 'admin' ? admin : customer
  return mostly(fc.constant(fitting), fc.constantFrom('', 'Bearer', 'Bearer e30.e30.e30', stranger, admin, customer))
}

/** For one operation: sound, nearly sound, or broken anywhere. */
function meant(operation: Operation, known: Known, bearers: Bearers): fc.Arbitrary<Asked> {
  const { method } = operation
  const parts = fc.record({
    path: pathOf(operation, known),
    query: queryOf(operation, known),
    payload: payloadOf(operation, known),
    contentType,
    headers: headersOf(operation, known),
    authorization: bearer(operation, bearers),
  })
  return parts.map(({ path, query, payload, contentType, headers, authorization }) => ({
    operation: nameOf(operation),
    method,
    path: path + query,
    headers: {
      ...headers,
      ...(authorization && { authorization }),
      ...(payload && contentType && { 'content-type': contentType }),
    },
    body: payload,
  }))
}

/** For no operation in particular: any verb on any path. */
function astray(paths: readonly string[], { admin }: Bearers): fc.Arbitrary<Asked> {
  const path = fc.oneof(
    fc.constantFrom(...paths),
    fc.array(rawPiece, { maxLength: 5 }).map((pieces) => `/${pieces.join('/')}`),
  )
  return fc.record({
    operation: fc.constant(undefined),
    method: fc.constantFrom(...METHODS.filter((method) => method !== 'CONNECT')),
    path,
    headers: fc.constantFrom<Record<string, string>>({}, { authorization: admin, 'content-type': 'application/json' }),
    body: fc.option(junk.map(jsonBytes), { nil: undefined }),
  })
}

// what tells everything again is asked for now and then: every time costs an event for every row there is
const weightOf = ({ tags = [] }: Operation) => (tags.includes('operations') ? 1 : 8)

export function requestsTo(operations: readonly Operation[], known: Known, bearers: Bearers): fc.Arbitrary<Asked> {
  const paths = operations.map(({ path }) => path.replace(/\{\w+\}/g, known.ids[0] ?? ''))
  return fc.oneof(
    ...operations.map((operation) => ({ weight: weightOf(operation), arbitrary: meant(operation, known, bearers) })),
    { weight: 4, arbitrary: astray(paths, bearers) },
  )
}
