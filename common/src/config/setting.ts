import { isIP } from 'node:net'
import { splitUrls } from './split-urls'

/** How one environment variable is read. `parse` throws an Error whose message never repeats the value. */
export interface Setting<T> {
  readonly env: string
  readonly about: string
  readonly parse: (raw: string) => T
  /** Used when the variable is absent. Without any default the variable is required. */
  readonly fallback?: T | undefined
  /** A default that production refuses. */
  readonly developmentFallback?: T | undefined
  /** Never printed; may also come from the file named by `<env>_FILE`. */
  readonly isSecret?: boolean
}

type Options<T> = Omit<Setting<T>, 'env' | 'about' | 'parse'>

const refuse = (message: string): never => {
  throw new Error(message)
}

export const text = (env: string, about: string, options: Options<string> = {}): Setting<string> => ({
  env,
  about,
  ...options,
  parse: (raw) => raw,
})

export const integer = (
  env: string,
  about: string,
  min: number,
  max: number,
  options: Options<number> = {},
): Setting<number> => ({
  env,
  about,
  ...options,
  parse: (raw) => {
    const value = Number(raw)
    const isValid = /^-?\d+$/.test(raw) && value >= min && value <= max
    return isValid ? value : refuse(`must be a whole number from ${min} to ${max}`)
  },
})

export const share = (env: string, about: string, fallback: number): Setting<number> => ({
  env,
  about,
  fallback,
  parse: (raw) => (/^(0(\.\d+)?|1(\.0+)?)$/.test(raw) ? Number(raw) : refuse('must be a number from 0 to 1')),
})

export const flag = (env: string, about: string): Setting<boolean> => ({
  env,
  about,
  fallback: false,
  parse: (raw) => (raw === '1' ? true : raw === '0' ? false : refuse('must be 1 or 0')),
})

/** Addresses and networks, comma separated. None of everything: whoever means that has forgotten somebody. */
export const networks = (env: string, about: string): Setting<readonly string[]> => ({
  env,
  about,
  fallback: [],
  parse: (raw) => {
    const each = raw.split(',').map((one) => one.trim())
    return each.every(isNetwork) ? each : refuse('must be addresses or networks such as 10.0.0.0/8, comma separated')
  },
})

/** Origins of pages, comma separated: scheme, host and port, nothing else. None of everything. */
export const origins = (env: string, about: string): Setting<readonly string[]> => ({
  env,
  about,
  fallback: [],
  parse: (raw) => {
    const each = raw.split(',').map((one) => one.trim())
    return each.every(isOrigin) ? each : refuse('must be origins such as https://shop.example, comma separated')
  },
})

const isOrigin = (text: string): boolean =>
  !text.includes('*') && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^[1-9]\d*$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

export const choice = <T extends string>(
  env: string,
  about: string,
  values: readonly T[],
  fallback: T,
): Setting<T> => ({
  env,
  about,
  fallback,
  parse: (raw) => values.find((value) => value === raw) ?? refuse(`must be one of ${values.join(', ')}`),
})

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

export const currency = (env: string, about: string, fallback: string): Setting<string> => ({
  env,
  about,
  fallback,
  parse: (raw) => (CURRENCIES.has(raw) ? raw : refuse('must be the code of a currency (ISO 4217)')),
})

/** What `parse` says of a URL, or nothing when it is a good one. */
const faultOf = (raw: string, protocols: string[]): string | undefined => {
  if (!URL.canParse(raw)) return 'must be a URL'
  return protocols.includes(new URL(raw).protocol) ? undefined : `must be a URL with ${protocols.join(' or ')}`
}

export const url = (
  env: string,
  about: string,
  protocols: string[],
  options: Options<string> = {},
): Setting<string> => ({
  env,
  about,
  ...options,
  parse: (raw) => {
    const fault = faultOf(raw, protocols)
    return fault === undefined ? raw : refuse(fault)
  },
})

/** One URL or several, comma separated, of servers that stand in for each other: same user, same path. */
export const urlList = (
  env: string,
  about: string,
  protocols: string[],
  options: Options<string> = {},
): Setting<string> => ({
  env,
  about,
  ...options,
  parse: (raw) => {
    const each = splitUrls(raw)
    const fault = each.map((one) => faultOf(one, protocols)).find((found) => found !== undefined)
    if (fault !== undefined) return refuse(each.length > 1 ? `${fault}, each of the list` : fault)
    const places = each.map((one) => new URL(one)).map(({ username, pathname }) => `${username} ${pathname}`)
    return new Set(places).size === 1 ? raw : refuse('must name the same user and path in every URL of the list')
  },
})
