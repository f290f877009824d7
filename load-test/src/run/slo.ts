import { type Measure, measureNames } from './measures'
import { millisecondsOf } from './span'
import type { Timings } from './timings'

const percentiles = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'] as const
type Percentile = (typeof percentiles)[number]

/** A target. Latencies and failures stay below it, throughput above. */
export type Slo =
  | {
      readonly text: string
      readonly kind: 'latency'
      readonly measure: Measure
      readonly percentile: Percentile
      readonly belowMs: number
    }
  | { readonly text: string; readonly kind: 'failures'; readonly belowPercent: number }
  | { readonly text: string; readonly kind: 'throughput'; readonly abovePerS: number }

/** What a run came to, as far as targets go. */
export interface Reached {
  readonly timings: Readonly<Partial<Record<Measure, Timings>>>
  readonly ordersPerS: number
  readonly failedPercent: number
}

export interface SloResult {
  /** With the measure it means. */
  readonly slo: string
  readonly reached: string
  readonly isMet: boolean
}

// what a customer waits for
const DEFAULT_MEASURE: Measure = 'terminal'

/** `p99<100ms` (of `terminal`), `accepted p99<15ms`, `throughput>300`, `failures<1%`. Throws what is wrong. */
export function readSlo(text: string): Slo {
  const plain = text.trim()
  const throughput = /^throughput\s*>\s*(\d+(?:\.\d+)?)(?:\/s)?$/.exec(plain)
  if (throughput) return { text: `throughput>${throughput[1]}/s`, kind: 'throughput', abovePerS: Number(throughput[1]) }
  const failures = /^failures\s*<\s*(\d+(?:\.\d+)?)%$/.exec(plain)
  if (failures) return { text: `failures<${failures[1]}%`, kind: 'failures', belowPercent: Number(failures[1]) }
  return readLatency(plain)
}

function readLatency(text: string): Slo {
  const [, named, percentile, limit = ''] = /^(?:([a-z-]+)\s+)?(p\d+(?:\.\d+)?|max)\s*<\s*(\S+)$/.exec(text) ?? []
  const measure = measureNames.find((name) => name === (named ?? DEFAULT_MEASURE))
  const known = percentiles.find((name) => name === percentile)
  const belowMs = millisecondsOf(limit)
  if (!measure || !known || belowMs === undefined)
    throw new Error(
      `'${text}' is no target: [measure] percentile<time such as 'terminal p99<100ms', 'throughput>300' or 'failures<1%'; ` +
        `measures are ${measureNames.join(', ')}; percentiles ${percentiles.join(', ')}`,
    )
  return { text: `${measure} ${known}<${limit}`, kind: 'latency', measure, percentile: known, belowMs }
}

export function judgeSlo(slo: Slo, { timings, ordersPerS, failedPercent }: Reached): SloResult {
  if (slo.kind === 'throughput')
    return { slo: slo.text, reached: `${ordersPerS.toFixed(1)}/s`, isMet: ordersPerS > slo.abovePerS }
  if (slo.kind === 'failures')
    return { slo: slo.text, reached: `${failedPercent.toFixed(2)}%`, isMet: failedPercent < slo.belowPercent }
  const timing = timings[slo.measure]
  // what was never measured meets no target
  if (!timing || timing.count === 0) return { slo: slo.text, reached: 'never measured', isMet: false }
  const ms = timing[fields[slo.percentile]]
  return { slo: slo.text, reached: `${ms} ms`, isMet: ms < slo.belowMs }
}

const fields = {
  p50: 'p50Ms',
  p90: 'p90Ms',
  p95: 'p95Ms',
  p99: 'p99Ms',
  'p99.9': 'p999Ms',
  max: 'maxMs',
} as const satisfies Readonly<Record<Percentile, keyof Timings>>
