import { setTimeout as pause } from 'node:timers/promises'

/** Calls at a fixed rate, whatever becomes of those before, and waits for all of them. */
export async function atRate(perS: number, count: number, call: (n: number) => Promise<unknown>): Promise<void> {
  const begunMs = performance.now()
  const calls: Promise<unknown>[] = []
  for (let n = 0; n < count; n++) {
    await pause(begunMs + (n * 1_000) / perS - performance.now())
    calls.push(call(n))
  }
  await Promise.all(calls)
}
