import { setTimeout as pause } from 'node:timers/promises'

// an answer is late by a tenth of the wait at most, and asking does not take the processor from what is waited for
const INTERVAL_MS = { least: 10, most: 200, ofTheWait: 0.1 }

/**
 * Waits until `check` answers without throwing and hands out its answer; fails with its last error when the time is up.
 * The only way a test waits: never for a time, always for a condition. The limit is for what will never come true, so it
 * is far above what a busy machine needs.
 */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 30_000): Promise<T> {
  const started = performance.now()
  for (;;) {
    try {
      return await check()
    } catch (error) {
      const waitedMs = performance.now() - started
      if (waitedMs > timeoutMs) throw error
      const { least, most, ofTheWait } = INTERVAL_MS
      await pause(Math.min(most, Math.max(least, waitedMs * ofTheWait)))
    }
  }
}
