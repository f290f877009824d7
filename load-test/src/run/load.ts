import { setTimeout as pause } from 'node:timers/promises'
import { Arrivals } from '../shoppers/arrivals'
import type { Options } from './options'

export interface LoadOptions extends Pick<Options, 'pace' | 'durationMs' | 'orders'> {
  /** Whether nobody may come in any more. */
  readonly isStopped: () => boolean
  /** The n-th customer came in, or should have at that moment. Resolves when they have left. */
  readonly visit: (n: number, dueMs: number) => Promise<void>
}

/** Lets customers come as the pace says. Resolves when everybody has left. */
export const drive = (options: LoadOptions): Promise<void> =>
  options.pace.loop === 'closed' ? closedLoop(options, options.pace.users) : openLoop(options, options.pace.ratePerS)

async function closedLoop({ durationMs, orders, isStopped, visit }: LoadOptions, users: number): Promise<void> {
  const endsMs = performance.now() + durationMs
  let begun = 0
  const user = async () => {
    while (!isStopped() && begun < orders && performance.now() < endsMs) await visit(begun++, performance.now())
  }
  await Promise.all(Array.from({ length: users }, user))
}

/** Nobody waits for anybody: who comes in while the shop is slow comes in all the same. */
async function openLoop({ durationMs, orders, isStopped, visit }: LoadOptions, ratePerS: number): Promise<void> {
  const beganMs = performance.now()
  const endsMs = beganMs + durationMs
  const arrivals = new Arrivals(ratePerS, beganMs)
  const visits = new Set<Promise<void>>()
  let begun = 0
  while (!isStopped() && begun < orders && arrivals.nextMs < endsMs) {
    for (const dueMs of arrivals.due(Math.min(performance.now(), endsMs))) {
      if (begun === orders) break
      const visiting = visit(begun++, dueMs)
      visits.add(visiting)
      void visiting.finally(() => visits.delete(visiting))
    }
    await pause(Math.max(arrivals.nextMs - performance.now(), 0))
  }
  await Promise.all(visits)
}
