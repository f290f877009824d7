import { commonPasswords } from '../src/domain/common-passwords'
import { normaliseEmail } from '../src/domain/email'
import { weaknessOf } from '../src/domain/password-rules'

describe('a password', () => {
  const weak = (password: string, email = 'ada@example.com') => weaknessOf(password, email) !== undefined

  test.each([
    ['seven characters', '1b3d5f7', true],
    ['eight characters', '1b3d5f7h', false],
    ['eight emoji', '🍏🍎🍐🍊🍋🍌🍉🍇', false],
    ['seven emoji, though they are fourteen UTF-16 units', '🍏🍎🍐🍊🍋🍌🍉', true],
    ['256 characters', 'ab'.repeat(128), false],
    ['257 characters', `${'ab'.repeat(128)}c`, true],
    ['one character again and again', '🍏'.repeat(20), true],
    ['a common one in capitals', 'ILoveYou', true],
    ['the name of the shop', 'my ordersaga login', true],
    ['the local part of the address', 'I am ADA!', true],
    ['half a surrogate pair', 'abcdefgh\ud83d', true],
    ['no digits, no capitals, no signs', 'correct horse battery staple', false],
  ])('%s', (_, password, isWeak) => {
    expect(weak(password)).toBe(isWeak)
  })

  test('may contain a local part of two letters: half of all words do', () => {
    expect(weak('banana boat', 'an@example.com')).toBe(false)
  })

  test('every common one is refused, and thousands of them for that alone', () => {
    expect([...commonPasswords].filter((common) => !weak(common.toUpperCase()))).toEqual([])
    expect([...commonPasswords].filter((common) => [...common].length >= 8).length).toBeGreaterThan(3_000)
  })
})

describe('an address', () => {
  test.each([
    ['Ada@Example.COM', 'ada@example.com'],
    ['  ada@example.com\n', 'ada@example.com'],
    ['ada', undefined],
    ['ada @example.com', undefined],
    ['ada@exämple.com', undefined],
    [`${'a'.repeat(250)}@b.example`, undefined],
    ['', undefined],
  ])('%j becomes %j', (raw, normalised) => {
    expect(normaliseEmail(raw)).toBe(normalised)
  })
})
