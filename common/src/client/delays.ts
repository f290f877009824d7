const FIRST_RETRY_MS = 100
const MAX_RETRY_MS = 2_000
const MAX_POLL_MS = 5_000

/** Up to a fifth less, so that clients that failed together do not come back together. */
export const jittered = (ms: number): number => ms * (1 - Math.random() * 0.2)

/** 100, 200, 400 ms … 2 s after the first, second, third … failure in a row. */
export const retryMs = (failures: number): number => Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS)

/** Milliseconds of `Retry-After`, in seconds or as a date; 0 without a valid one. */
export function retryAfterMs(headers: Pick<Headers, 'get'> | undefined): number {
  const value = headers?.get('retry-after') ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Math.max(Number.isNaN(ms) ? 0 : ms, 0)
}

/** What has taken long will take longer: half of it, from 50 ms to 5 s. The service hints by the same rule. */
export const pollMs = (waitedMs: number): number => Math.min(Math.max(waitedMs / 2, 50), MAX_POLL_MS)

export const capped = (ms: number): number => Math.min(ms, MAX_POLL_MS)
