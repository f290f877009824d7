import { setTimeout as pause } from 'node:timers/promises'

const INTERVAL_MS = 10

/**
 * Waits until `check` answers without throwing and hands out its answer; fails with its last error when the time is up.
 * The only way a test waits: never for a time, always for a condition. The limit is for what will never come true, so it
 * is far above what a busy machine needs.
 */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 30_000): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(INTERVAL_MS)
    }
  }
}
