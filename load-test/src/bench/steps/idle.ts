import { setTimeout as pause } from 'node:timers/promises'
import { difference, processorSeconds } from '../../run/process-times'
import { runningShop } from '../../run/running-shop'
import type { Step } from './step'

const TARGET_PERCENT = 3
const REST_MS = 10_000
const WATCHED_MS = 30_000

/** What the shop costs while nobody wants anything. */
export const idle: Step = {
  about: 'what the shop costs while nobody comes',
  async run(say) {
    const shop = await runningShop(say)
    await pause(REST_MS)
    const before = processorSeconds(shop.processes())
    await pause(WATCHED_MS)
    const after = processorSeconds(shop.processes())
    if (!before || !after) return []
    const shares = Object.entries(difference(before, after)).map(
      ([name, seconds]) => [name, (seconds * 100_000) / WATCHED_MS] as const,
    )
    const together = shares.reduce((sum, [, percent]) => sum + percent, 0)
    const most = shares.toSorted(([, a], [, b]) => b - a).slice(0, 3)
    const names = most.map(([name, percent]) => `${name} ${percent.toFixed(1)}`).join(', ')
    return [
      {
        what: 'idle, services and servers together',
        target: `≤ ${TARGET_PERCENT} % of one core`,
        measured: `${together.toFixed(1)} % (${names})`,
        isMet: together <= TARGET_PERCENT,
      },
    ]
  },
}
