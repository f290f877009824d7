import { setTimeout as pause } from 'node:timers/promises'
import { Management } from '@order-saga/common'
import type { Site } from '../site/site'

/** Totals by series: `saga_events_total{…}` of one process. */
export type Totals = Record<string, number>

const EVERY_MS = 1_000
const WANTED = /^(saga_events_total|outbox_swept_total|payment_provider_calls_total|consumer_holds_total)\{/

/**
 * Counters of processes that are killed all the time: what a process has counted since the last look is lost with
 * it, so that every total is a lower bound.
 */
export class MetricsWatch {
  readonly #last = new Map<string, Totals>()
  readonly #sums: Totals
  #isOver = false
  #run: Promise<void> = Promise.resolve()

  /** Goes on from the sums of an interrupted run. */
  constructor(
    private readonly site: Site,
    sums: Totals = {},
  ) {
    this.#sums = { ...sums }
  }

  start(): void {
    this.#run = this.#watch()
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#run
    await this.#lookAtAll()
  }

  get totals(): Readonly<Totals> {
    return this.#sums
  }

  /** The sum of all series whose line matches. */
  sum(pattern: RegExp): number {
    return Object.entries(this.#sums).reduce((sum, [series, value]) => sum + (pattern.test(series) ? value : 0), 0)
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      await this.#lookAtAll()
      await pause(EVERY_MS)
    }
  }

  async #lookAtAll(): Promise<void> {
    await Promise.all([...this.site.processes.map(({ name, url }) => this.#look(name, url)), this.#lookAtBroker()])
  }

  async #look(name: string, url: string): Promise<void> {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined)
    const text = await response?.text().catch(() => undefined)
    if (!response?.ok || text === undefined) return
    const now: Totals = {}
    for (const line of text.split('\n')) {
      if (!WANTED.test(line)) continue
      const at = line.lastIndexOf(' ')
      now[line.slice(0, at)] = Number(line.slice(at + 1))
    }
    this.#add(name, now)
  }

  async #lookAtBroker(): Promise<void> {
    const management = new Management(this.site.servers.where.amqpAdminUrl)
    const path = '/overview?columns=message_stats.redeliver'
    const overview = await management.get<Overview>(path).catch(() => undefined)
    if (overview) this.#add('broker', { redelivered: overview.message_stats?.redeliver ?? 0 })
  }

  /** A smaller number than before is that of a new process. */
  #add(name: string, now: Totals): void {
    const before = this.#last.get(name) ?? {}
    for (const [series, value] of Object.entries(now)) {
      const earlier = before[series] ?? 0
      this.#sums[series] = (this.#sums[series] ?? 0) + (value >= earlier ? value - earlier : value)
    }
    this.#last.set(name, now)
  }
}

interface Overview {
  readonly message_stats?: { readonly redeliver?: number }
}
