// longer than any saga that is well, shorter than the patience of proxies
const MAX_WAIT_S = 20

/** Seconds of `Prefer: wait=N` (RFC 7240), at most 20; 0 when absent or not understood, as the RFC asks. */
export function waitSecondsOf(prefer: string | string[] | undefined): number {
  const wait = /(?:^|[\s,;])wait=(\d{1,4})(?:$|[\s,;])/i.exec(String(prefer ?? ''))?.[1]
  return Math.min(Number(wait ?? 0), MAX_WAIT_S)
}

/** 1–255 visible ASCII characters: an RFC 8941 string, or bare. */
export const IDEMPOTENCY_KEY = '^(?:(?!")[\\x21-\\x7e]{1,255}|"(?:[\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\["\\\\]){1,255}")$'

/** The key that a valid `Idempotency-Key` stands for, the same whether it came quoted or bare. */
export function idempotencyKeyOf(header: string | undefined): string | null {
  if (header === undefined) return null
  return header.startsWith('"') ? header.slice(1, -1).replace(/\\(.)/g, '$1') : header
}

/** If-None-Match compares weakly (RFC 9110 §13.1.2): a proxy that compresses turns our tag into `W/"…"`. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes(etag) || tags.includes('*')
}
