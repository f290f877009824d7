const NUL_ESCAPE = /(?:^|[^\\])(?:\\\\)*\\u0000/

/** Whether JSON text holds a NUL: PostgreSQL stores none in text, so whatever is to be stored with it fails for ever. */
export const hasNul = (json: string): boolean => NUL_ESCAPE.test(json)

const SURROGATE_ESCAPE = /\\ud[89a-f]/i
const LONE_SURROGATE = /\p{Surrogate}/u
const ESCAPE = /\\(?:u([0-9a-f]{4})|.)/gi

/** Half a character, which UTF-8 cannot hold and PostgreSQL refuses in JSON: only an escape can bring one. */
export const hasLoneSurrogate = (json: string): boolean =>
  SURROGATE_ESCAPE.test(json) && LONE_SURROGATE.test(json.replace(ESCAPE, charOf))

const charOf = (_escape: string, hex?: string): string => (hex ? String.fromCharCode(Number.parseInt(hex, 16)) : '')
