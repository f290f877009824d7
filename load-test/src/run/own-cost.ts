import { type EventLoopUtilization, type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'

/** What the customers themselves cost: they share the machine with the shop. */
export interface OwnCost {
  readonly processorS: number
  /** Of one core. */
  readonly coreShare: number
  /** How much of the time the event loop had something to do, 0 … 1: near 1 the customers hold up each other. */
  readonly utilization: number
  /** How late timers came. */
  readonly delayP99Ms: number
}

const NS_PER_MS = 1e6
const RESOLUTION_MS = 10

export class OwnCostWatch {
  readonly #beganMs = performance.now()
  readonly #cpu = process.cpuUsage()
  readonly #utilization: EventLoopUtilization = performance.eventLoopUtilization()
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

  constructor() {
    this.#delay.enable()
  }

  stop(): OwnCost {
    this.#delay.disable()
    const { user, system } = process.cpuUsage(this.#cpu)
    const processorS = (user + system) / 1e6
    return {
      processorS,
      coreShare: processorS / ((performance.now() - this.#beganMs) / 1_000),
      utilization: performance.eventLoopUtilization(this.#utilization).utilization,
      delayP99Ms: Math.max(0, this.#delay.percentile(99) / NS_PER_MS - RESOLUTION_MS),
    }
  }
}
