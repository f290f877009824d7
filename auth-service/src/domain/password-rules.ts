import { commonPasswords } from './common-passwords'

const MIN_CHARS = 8
const MAX_CHARS = 256
// a shorter local part would forbid half of all words
const MIN_LOCAL_PART_CHARS = 3

/** What is wrong with a password, for the person who chose it; undefined: nothing. No rules of composition (NIST SP 800-63B). */
export function weaknessOf(password: string, email: string): string | undefined {
  const chars = [...password]
  if (chars.length < MIN_CHARS) return `A password has at least ${MIN_CHARS} characters.`
  if (chars.length > MAX_CHARS) return `A password has at most ${MAX_CHARS} characters.`
  if (/\p{Surrogate}/u.test(password)) return 'The password holds a broken character.'
  const guess = password.toLowerCase()
  if (commonPasswords.has(guess) || new Set(chars).size === 1) return 'This password is one of the first to be guessed.'
  if (/order.?saga/.test(guess)) return 'The password names the shop.'
  const [localPart = ''] = email.toLowerCase().split('@')
  const namesOwner = localPart.length >= MIN_LOCAL_PART_CHARS && guess.includes(localPart)
  return namesOwner ? 'The password contains your e-mail address.' : undefined
}
