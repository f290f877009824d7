const NUL_ESCAPE = /(?:^|[^\\])(?:\\\\)*\\u0000/

/** Whether JSON text holds a NUL: PostgreSQL stores none in text, so whatever is to be stored with it fails for ever. */
export const hasNul = (json: string): boolean => NUL_ESCAPE.test(json)
