import fc from 'fast-check'

/** What has broken other people's servers. */
export const nasty: readonly unknown[] = [
  null,
  true,
  '',
  '2',
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e21,
  -1e308,
  [],
  {},
  [[]],
  ['x'],
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202egnp.exe',
  '\u200b',
  'a\r\nBcc: everybody@example.com',
  "'; DROP TABLE orders; --",
  '%',
  '_',
  '\\',
  '(a+)+$',
  '<script>alert(1)</script>',
  '../../../etc/passwd',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as an attacker sends it
  '${jndi:ldap://127.0.0.1:1/x}',
  '__proto__',
  'constructor',
  'toString',
  'NaN',
  '1e400',
  '0000-01-01T00:00:00Z',
  '2016-12-31T23:59:60Z',
  '9999-12-31T23:59:59.999999999+23:59',
  '00000000-0000-7000-8000-000000000000',
  'ffffffff-ffff-7fff-bfff-ffffffffffff',
  'x'.repeat(10_001),
]

export const junk: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nasty) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 50 }) },
)

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const keys = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'role',
    'isAdmin',
    'status',
    'userId',
    'price',
    'total',
    'id',
  ),
  fc.string({ maxLength: 10 }),
)

/** Defined, not assigned: `__proto__` becomes a key like any other. */
const withKey = (value: Record<string, unknown>, key: string, entry: unknown): unknown =>
  Array.isArray(value)
    ? value.map((item, at) => (String(at) === key ? entry : item))
    : Object.fromEntries([...Object.entries(value).filter(([name]) => name !== key), [key, entry]])

const withoutKey = (value: Record<string, unknown>, key: string): unknown =>
  Array.isArray(value)
    ? value.filter((_, at) => String(at) !== key)
    : Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))

/** One thing about it is wrong, however deep: replaced, missing, too many or altogether something else. */
export function broken(value: unknown): fc.Arbitrary<unknown> {
  if (!isObject(value)) return junk
  const added = fc.tuple(keys, junk).map(([key, entry]) => withKey(value, key, entry))
  const own = Object.keys(value)
  if (own.length === 0) return fc.oneof(junk, added)
  const key = fc.constantFrom(...own)
  return fc.oneof(
    { weight: 1, arbitrary: junk },
    { weight: 2, arbitrary: added },
    { weight: 1, arbitrary: key.map((name) => withoutKey(value, name)) },
    {
      weight: 4,
      arbitrary: key.chain((name) => broken(value[name]).map((entry) => withKey(value, name, entry))),
    },
  )
}

/** Text as it may be cut short, spoilt or nothing of the kind. */
export const spoilt = (text: string): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.nat(text.length).map((end) => Buffer.from(text.slice(0, end))),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.tuple(fc.nat(text.length), fc.uint8Array({ minLength: 1, maxLength: 4 })).map(([at, bytes]) => {
      const whole = Buffer.from(text)
      return Buffer.concat([whole.subarray(0, at), Buffer.from(bytes), whole.subarray(at)])
    }),
  )
