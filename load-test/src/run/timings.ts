import { build, type Histogram } from 'hdr-histogram-js'

export interface Timings {
  readonly count: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly maxMs: number
}

/** How many took longer than the bin before, up to so long. */
export interface Bin {
  readonly upToMs: number
  readonly count: number
}

const US_PER_MS = 1_000
// an hour: longer than any order may take, for a longer time would be refused
const HIGHEST_US = 3_600_000_000
const EDGES_MS = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000,
  30_000, 60_000, 180_000,
]

/** Times of one kind, kept to three digits whatever their number (HDR histogram, microseconds). */
export class TimingRecorder {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
  })
  readonly #bins = new Array<number>(EDGES_MS.length).fill(0)

  record(ms: number): void {
    this.#histogram.recordValue(Math.min(Math.max(Math.round(ms * US_PER_MS), 0), HIGHEST_US))
    const bin = EDGES_MS.findIndex((edge) => ms <= edge)
    const n = bin < 0 ? EDGES_MS.length - 1 : bin
    this.#bins[n] = (this.#bins[n] ?? 0) + 1
  }

  get timings(): Timings {
    const maxMs = this.#histogram.maxValue / US_PER_MS
    // it answers the upper edge of a cell, which may lie above the highest of all
    const at = (percentile: number) => Math.min(this.#histogram.getValueAtPercentile(percentile) / US_PER_MS, maxMs)
    return {
      count: this.#histogram.totalCount,
      meanMs: Math.round(this.#histogram.mean) / US_PER_MS || 0,
      p50Ms: at(50),
      p90Ms: at(90),
      p95Ms: at(95),
      p99Ms: at(99),
      p999Ms: at(99.9),
      maxMs,
    }
  }

  /** From the first bin with anything in it to the last. */
  get bins(): Bin[] {
    const first = this.#bins.findIndex((count) => count > 0)
    const last = this.#bins.findLastIndex((count) => count > 0)
    return first < 0 ? [] : EDGES_MS.map((upToMs, n) => ({ upToMs, count: this.#bins[n] ?? 0 })).slice(first, last + 1)
  }
}
