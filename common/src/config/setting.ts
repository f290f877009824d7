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

export const flag = (env: string, about: string): Setting<boolean> => ({
  env,
  about,
  fallback: false,
  parse: (raw) => (raw === '1' ? true : raw === '0' ? false : refuse('must be 1 or 0')),
})

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

export const currency = (env: string, about: string, fallback: string): Setting<string> => ({
  env,
  about,
  fallback,
  parse: (raw) => (/^[A-Z]{3}$/.test(raw) ? raw : refuse('must be three capital letters (ISO 4217)')),
})

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
    if (!URL.canParse(raw)) return refuse('must be a URL')
    return protocols.includes(new URL(raw).protocol) ? raw : refuse(`must be a URL with ${protocols.join(' or ')}`)
  },
})
