// what servers come with, and what people type first
const DEFAULT_PASSWORDS = new Set(['guest', 'postgres', 'admin', 'password'])

/** Why a value is good enough for development and tests only; never with the value itself. */
export function unfitForProduction(raw: string): string | undefined {
  if (raw.includes('development-only')) return 'is a development default, refused in production'
  if (!raw.includes('://') || !URL.canParse(raw)) return undefined
  return DEFAULT_PASSWORDS.has(new URL(raw).password) ? 'has a default password, refused in production' : undefined
}
