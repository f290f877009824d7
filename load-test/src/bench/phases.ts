import type { CrowdOptions } from '../run/crowd'
import { NOTHING_SPECIAL } from '../run/mix'

/** One measurement. */
export interface Phase {
  readonly id: 'closed' | 'hot' | 'open-100' | 'open-300'
  readonly title: string
  readonly options: Omit<CrowdOptions, 'seed'>
  /** The baseline too, for a ratio. */
  readonly isCompared: boolean
}

const CUSTOMERS = 64

const whole = { orders: Number.POSITIVE_INFINITY, journey: 'orders', thinkMs: 0, prefersWait: true } as const
export const closedLoop = { ...whole, pace: { loop: 'closed', users: CUSTOMERS }, mix: NOTHING_SPECIAL } as const
export const openLoop = (ratePerS: number) =>
  ({ ...whole, pace: { loop: 'open', ratePerS }, mix: NOTHING_SPECIAL }) as const

/** Before the first measurement of a system: code is compiled, connections are open. Not counted. */
export const warmUp: Phase['options'] = { ...closedLoop, durationMs: 6_000 }

export const phases = (durationMs: number): readonly Phase[] => [
  {
    id: 'closed',
    title: `closed loop, ${CUSTOMERS} customers`,
    options: { ...closedLoop, durationMs },
    isCompared: true,
  },
  {
    id: 'hot',
    title: `closed loop, ${CUSTOMERS} customers, all on one product`,
    options: { ...closedLoop, durationMs, mix: { ...NOTHING_SPECIAL, hot: 100 } },
    isCompared: false,
  },
  { id: 'open-100', title: 'open loop, 100 orders/s', options: { ...openLoop(100), durationMs }, isCompared: true },
  { id: 'open-300', title: 'open loop, 300 orders/s', options: { ...openLoop(300), durationMs }, isCompared: false },
]
