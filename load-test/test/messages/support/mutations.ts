import type { Envelope } from '@order-saga/common'
import fc from 'fast-check'

type Path = readonly (string | number)[]
type Tree = Record<string | number, unknown>

export interface Mutant {
  readonly body: Buffer
  readonly id: unknown
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (!isTree(value)) return [path]
  return [path, ...Object.keys(value).flatMap((key) => pathsOf(value[key], [...path, key]))].filter((p) => p.length > 0)
}

/** What other programs, other versions and attackers put where something else belongs. */
const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e21,
    2 ** 53,
    Number.POSITIVE_INFINITY,
    '',
    ' ',
    '2',
    'toString',
    '__proto__',
    'hasOwnProperty',
  ),
  fc.constantFrom<unknown>(
    '\u0000',
    'tok\u0000',
    '\\u0000',
    '\ud800',
    '\udfff\ud800',
    '\u202e',
    '\r\nBcc: a@b.c',
    "'; DROP TABLE outbox; --",
  ),
  fc.constantFrom<unknown>([], {}, [null], [[]], { $ne: null }, 'x'.repeat(300), 'x'.repeat(20_000), Array(51).fill(0)),
  fc.constantFrom<unknown>(
    'yesterday',
    '1',
    '0000-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.000Z',
    '-000001-01-01T00:00:00Z',
  ),
  fc.constantFrom<unknown>(
    '9999-12-31T23:59:60Z',
    '2026-01-01T00:00:00+23:59',
    '2026-02-30T00:00:00Z',
    '2026-01-01',
    '2026-01-01t00:00:00z',
  ),
  fc.constantFrom<unknown>(
    '8C5F1C0E-6F0E-7B5A-9D0F-0D6B1A6A2F11',
    '8c5f1c0e-6f0e-4b5a-9d0f-0d6b1a6a2f11',
    'urn:order-saga:event:order.paid:2',
  ),
  fc.jsonValue(),
)

type Change = (parent: Tree, key: string | number) => void

const put = (parent: Tree, key: string | number, value: unknown): void => {
  parent[key] = value
}

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>(
    (parent, key) => void (Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key]),
  ),
  junk.map(
    (value): Change =>
      (parent, key) =>
        put(parent, key, value),
  ),
  fc.tuple(fc.string({ unit: 'binary', maxLength: 20 }), junk).map(
    ([name, value]): Change =>
      (parent) => {
        if (Array.isArray(parent)) parent.push(value)
        else Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true })
      },
  ),
  fc.constant<Change>((parent, key) => put(parent, key, [parent[key]])),
)

function changed(event: Envelope, path: Path, change: Change): Envelope {
  const copy = structuredClone(event)
  let parent = copy as unknown as Tree
  for (const key of path.slice(0, -1)) parent = parent[key] as Tree
  change(parent, path.at(-1) as string | number)
  return copy
}

/** A change that no object can hold: of the text itself. */
const textChanges: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.nat(400).map((at) => (text: string) => text.slice(0, at)),
  fc.tuple(fc.nat(400), fc.string({ unit: 'binary', maxLength: 3 })).map(
    ([at, more]) =>
      (text: string) =>
        text.slice(0, at) + more + text.slice(at + more.length),
  ),
  fc
    .constantFrom(
      '"__proto__":{"polluted":1},',
      '"constructor":{"prototype":{"polluted":1}},',
      `"deep":${'['.repeat(999)}${']'.repeat(999)},`,
      '"big":1e999,"\\ud800":"\\udc00",',
      '"orderId":null,',
    )
    .map((more) => (text: string) => text.replace('"data":{', `"data":{${more}`)),
)

/** An event that is wrong in one to three ways, or now and then right by chance. */
export function mutated(event: Envelope): fc.Arbitrary<Mutant> {
  const ofFields = fc
    .array(fc.tuple(fc.nat(10_000), changes), { minLength: 1, maxLength: 3 })
    .map((steps) => steps.reduce(mutateOnce, event))
    .map((mutant) => ({ body: Buffer.from(JSON.stringify(mutant)), id: mutant.id }))
  const ofText = textChanges.map((change) => ({ body: Buffer.from(change(JSON.stringify(event))), id: event.id }))
  return fc.oneof({ weight: 4, arbitrary: ofFields }, { weight: 1, arbitrary: ofText })
}

function mutateOnce(event: Envelope, [at, change]: readonly [number, Change]): Envelope {
  const paths = pathsOf(event)
  const path = paths[at % Math.max(1, paths.length)]
  return path ? changed(event, path, change) : event
}
