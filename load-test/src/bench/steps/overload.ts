import { type Figures, measure } from '../measure'
import { startOurs } from '../our-system'
import { closedLoop, openLoop } from '../phases'
import { MemoryWatch } from './memory-watch'
import type { Row, Step } from './step'

const CAPACITY_MS = 15_000
const OVERLOAD_MS = 60_000
const GIVES_UP_MS = 5_000
const RECOVERED_WITHIN_S = 15
const PAID_SHARE = 0.95
const MOST_MIB = 300

/** Twice as many customers as the shop can serve, for a minute. They try for a while, as told, then they go. */
export const overload: Step = {
  about: 'a minute of twice the orders it can carry',
  async run(say) {
    const system = await startOurs(say)
    try {
      const { ordersPerS } = await measure(system, { ...closedLoop, durationMs: CAPACITY_MS, seed: 1 })
      const ratePerS = Math.round(2 * ordersPerS)
      say(`it carries ${ordersPerS.toFixed(0)} orders/s; ${ratePerS} are wanted for ${OVERLOAD_MS / 1_000} s`)
      const watch = new MemoryWatch(system.processes())
      const load = { ...openLoop(ratePerS), durationMs: OVERLOAD_MS, givesUpAfterMs: GIVES_UP_MS, seed: 2 }
      const figures = await measure(system, load)
      const [[name, mib] = ['', 0]] = watch.stop()
      await system.audit()
      return [...answers(figures, ratePerS), ends(figures), recovery(figures), bounds(name, mib)]
    } finally {
      await system.stop()
    }
  },
}

function answers({ refusals, unhinted }: Figures, ratePerS: number): Row[] {
  const kinds = Object.entries(refusals)
  const isMet = unhinted === 0 && kinds.every(([kind]) => /: (429|503)$/.test(kind))
  const counted = kinds.map(([kind, count]) => `${count} × ${kind}`).join(', ') || 'none refused'
  return [
    {
      what: `overload (${ratePerS} orders/s wanted, a minute): refusals`,
      target: 'only 429 and 503 with Retry-After',
      measured: `${counted}; ${unhinted} without Retry-After`,
      isMet,
    },
  ]
}

function ends({ outcomes, accepted }: Figures): Row {
  const paid = outcomes.paid ?? 0
  return {
    what: 'overload: accepted orders paid within their deadline',
    target: `all end (audit), ≥ ${PAID_SHARE * 100} % paid`,
    measured: `${paid} of ${accepted} paid, no violation`,
    isMet: paid >= PAID_SHARE * accepted,
  }
}

function recovery({ elapsedMs }: Figures): Row {
  const seconds = (elapsedMs - OVERLOAD_MS) / 1_000
  return {
    what: 'overload: from its end to the end of the last order',
    target: `≤ ${RECOVERED_WITHIN_S} s`,
    measured: `${seconds.toFixed(1)} s`,
    isMet: seconds <= RECOVERED_WITHIN_S,
  }
}

const bounds = (name: string, mib: number): Row => ({
  what: 'overload: most memory of a service',
  target: `≤ ${MOST_MIB} MiB`,
  measured: `${mib.toFixed(0)} MiB (${name})`,
  isMet: mib <= MOST_MIB,
})
