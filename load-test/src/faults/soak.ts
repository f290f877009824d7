import { setTimeout as pause } from 'node:timers/promises'
import { serviceNames } from '@order-saga/common'
import type { Site } from './site/site'

/** What may not grow, at one moment. */
export interface Levels {
  readonly at: string
  readonly values: Readonly<Record<string, number>>
}

export interface Growth {
  readonly what: string
  readonly from: number
  readonly to: number
  readonly isTooMuch: boolean
}

const EVERY_MS = 10_000
const MAX_FACTOR = 1.5
// below these nothing is judged: a young process and an empty table grow by nature
const SLACK: Readonly<Record<string, number>> = { 'MB of memory': 40, 'open files': 20, 'KB of outbox_unsent': 2_000 }

/** Looks now and then at what would show a leak. */
export class GrowthWatch {
  readonly levels: Levels[] = []
  #isOver = false
  #run: Promise<void> = Promise.resolve()

  constructor(private readonly site: Site) {}

  start(): void {
    this.#run = this.#watch()
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#run
  }

  async #watch(): Promise<void> {
    let nextMs = performance.now() + EVERY_MS
    while (!this.#isOver) {
      await pause(100)
      if (performance.now() < nextMs) continue
      nextMs += EVERY_MS
      this.levels.push({ at: new Date().toISOString(), values: await this.#look() })
    }
  }

  async #look(): Promise<Record<string, number>> {
    const values: Record<string, number> = {}
    await Promise.all(this.site.processes.map(({ name, url }) => processLevels(name, url, values)))
    for (const service of serviceNames) {
      const bytes = await this.site.databases
        .count(service, `SELECT pg_total_relation_size('outbox_unsent')`)
        .catch(() => undefined)
      if (bytes !== undefined) values[`${service}: KB of outbox_unsent`] = Math.round(bytes / 1024)
    }
    return values
  }
}

async function processLevels(name: string, url: string, values: Record<string, number>): Promise<void> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined)
  const text = (await response?.text().catch(() => '')) ?? ''
  const read = (metric: string) =>
    Number(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN)
  const memory = read('process_resident_memory_bytes')
  const files = read('process_open_fds')
  if (!Number.isNaN(memory)) values[`${name}: MB of memory`] = Math.round(memory / 1024 / 1024)
  if (!Number.isNaN(files)) values[`${name}: open files`] = files
}

/**
 * The second quarter against the last: what warming up takes is over by then. The least of each: what a fault drives up,
 * such as connections of customers who had to wait, goes again; what has leaked never does.
 */
export function judgeGrowth(levels: readonly Levels[]): Growth[] {
  const quarter = Math.floor(levels.length / 4)
  if (quarter < 3) return []
  const names = [...new Set(levels.flatMap(({ values }) => Object.keys(values)))].sort()
  const least = (what: string, some: readonly Levels[]) => Math.min(...some.flatMap(({ values }) => values[what] ?? []))
  return names.map((what) => {
    const from = least(what, levels.slice(quarter, 2 * quarter))
    const to = least(what, levels.slice(-quarter))
    const slack = Object.entries(SLACK).find(([unit]) => what.endsWith(unit))?.[1] ?? 0
    return { what, from, to, isTooMuch: to > from * MAX_FACTOR && to - from > slack }
  })
}
