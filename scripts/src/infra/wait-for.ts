import { setTimeout as pause } from 'node:timers/promises'

interface Waiting {
  timeoutMs: number
  what: string
  everyMs?: number
}

/** Resolves when the condition holds. What the condition throws ends the waiting. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs, what, everyMs = 30 }: Waiting,
): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs / 1000} s`)
    await pause(everyMs)
  }
}
