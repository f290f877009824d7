const NAMES =
  /^(?:authorization|cookie|set-cookie|password|.*secret.*|.*token.*|.*email.*|recipient|phone.*|smsNumber|name)$/i
const COVERED = '***'

// A pattern is looked for only where its mark is, and each has a bound: a line is covered while somebody waits.
// Credentials in URLs, addresses of people, tokens of ours (JWT) and of the payment provider, numbers of telephones.
const PATTERNS: readonly (readonly [string, RegExp, string])[] = [
  ['://', /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{0,200}@/gi, '$1***@'],
  ['@', /[^\s<>"'(),:;=@]{1,64}@[^\s<>"'(),:;=@]{1,255}/g, COVERED],
  ['eyJ', /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, COVERED],
  ['_', /\b(?:tok|sk|pk|rk|whsec|pm)_\w+/g, COVERED],
  [' ', /\b(Bearer|Basic)\s+\S+/gi, `$1 ${COVERED}`],
  ['+', /\+[1-9]\d{6,14}\b/g, COVERED],
]

const MAX_DEPTH = 4
const MAX_ITEMS = 50
const MAX_CHARS = 1_000
// control characters, which terminals obey, NUL among them; and halves of a pair, which PostgreSQL refuses in JSON
const UNSAFE = /[\p{Cc}\p{Cs}]+/gu

/** Text that may be shown to whoever may read the log: whatever in it looks like an address or a secret is covered. */
export function coverText(text: string, maxChars = MAX_CHARS): string {
  let covered = text.slice(0, 4 * maxChars).replace(UNSAFE, ' ')
  for (const [mark, pattern, by] of PATTERNS) if (covered.includes(mark)) covered = covered.replace(pattern, by)
  return covered.slice(0, maxChars).replace(UNSAFE, '')
}

/** The same for a value, and for what has one of those names; bounded in depth and size. */
export function cover(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return coverText(value)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (typeof value !== 'object') return undefined
  if (depth >= MAX_DEPTH) return '…'
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => cover(item, depth + 1) ?? null)
  return coverFields(value, depth + 1)
}

export function coverFields(value: object, depth = 0): Record<string, unknown> {
  const fields = Object.entries(value).slice(0, MAX_ITEMS)
  return Object.fromEntries(
    fields
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [coverText(name, 100), NAMES.test(name) ? COVERED : cover(field, depth)]),
  )
}
