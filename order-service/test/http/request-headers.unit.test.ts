import { IDEMPOTENCY_KEY, idempotencyKeyOf, matchesEtag, waitSecondsOf } from '../../src/http/request-headers'

test.each([
  ['wait=10', 10],
  ['respond-async, wait=3', 3],
  ['WAIT=5; foo', 5],
  ['wait=9999', 20],
  ['wait=0', 0],
  ['wait=-1', 0],
  ['wait=1.5', 0],
  ['await=10', 0],
  ['wait', 0],
  [undefined, 0],
])('Prefer: %s waits %d s', (prefer, seconds) => {
  expect(waitSecondsOf(prefer)).toBe(seconds)
})

const isKey = (header: string) => new RegExp(IDEMPOTENCY_KEY, 'u').test(header)

test('an idempotency key is 1 to 255 visible characters, bare or quoted', () => {
  for (const key of ['a', 'x'.repeat(255), `"${'x'.repeat(255)}"`, '"a\\"b"', 'a"b', '~!'])
    expect(isKey(key)).toBe(true)
  for (const key of ['', '""', '"a', '"a"b"', '"a\\b"', 'a b', 'ä', 'a\u0000', 'x'.repeat(256), `"${'x'.repeat(256)}"`])
    expect(isKey(key)).toBe(false)
})

test('a quoted key is the key inside the quotes', () => {
  expect(idempotencyKeyOf('"abc"')).toBe(idempotencyKeyOf('abc'))
  expect(idempotencyKeyOf('"a\\"\\\\b"')).toBe('a"\\b')
  expect(idempotencyKeyOf(undefined)).toBeNull()
})

test('If-None-Match takes lists, weak tags and the star', () => {
  for (const header of ['"a-1"', 'W/"a-1"', '"x", "a-1"', '*']) expect(matchesEtag(header, '"a-1"')).toBe(true)
  for (const header of [undefined, '', '"a-2"', 'a-1']) expect(matchesEtag(header, '"a-1"')).toBe(false)
})
