import { splitUrls } from './split-urls'

// what servers come with, and what people type first
const DEFAULT_PASSWORDS = new Set(['guest', 'postgres', 'admin', 'password'])

/** Why a value is good enough for development and tests only; never with the value itself. */
export function unfitForProduction(raw: string): string | undefined {
  if (raw.includes('development-only')) return 'is a development default, refused in production'
  const urls = raw.includes('://') ? splitUrls(raw).filter((one) => URL.canParse(one)) : []
  const isDefault = urls.some((one) => DEFAULT_PASSWORDS.has(new URL(one).password))
  return isDefault ? 'has a default password, refused in production' : undefined
}
