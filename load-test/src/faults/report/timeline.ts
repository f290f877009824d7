import {
  CHART_HEIGHT,
  type ChartOverTime,
  chartsSvg,
  LEFT,
  timeAxis,
  timeScale,
  WIDTH,
} from '../../report/chart-over-time'
import { escaped } from '../../report/page'
import type { Happened } from '../chaos'
import type { Judgement } from '../judgement'
import type { Sample } from '../state'

const ROW = 13

/** Faults against orders in flight, throughput and time to the verdict, on one axis of time. */
export function timeline({ state: { faults, samples }, endedMs }: Judgement): string {
  const endMs = Math.max(1, ...samples.map(({ atMs }) => atMs), ...faults.map(({ healedMs }) => healedMs))
  const x = timeScale(endMs)
  const charts: ChartOverTime[] = [
    { title: 'orders in flight', colour: '#2563eb', points: samples.map(({ atMs, open }) => [atMs, open]) },
    { title: 'orders ended per second', colour: '#059669', points: perSecond(samples) },
    { title: 'seconds to the verdict', colour: '#b45309', points: secondsToVerdict(endedMs, endMs) },
  ]
  const kinds = [...new Set(faults.map(({ kind }) => kind))].sort()
  const top = charts.length * CHART_HEIGHT
  const height = top + kinds.length * ROW + 40
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="faults against orders in flight">
${chartsSvg(charts, x)}
${faults.map((fault) => faultSvg(fault, top + kinds.indexOf(fault.kind) * ROW, x)).join('\n')}
${kinds.map((kind, n) => `<text x="${LEFT - 8}" y="${top + n * ROW + 10}" text-anchor="end">${kind}</text>`).join('\n')}
${timeAxis(endMs, height - 22, x)}
</svg>`
}

function faultSvg(
  { kind, target, atMs, healedMs, hasStruck }: Happened,
  top: number,
  x: (ms: number) => number,
): string {
  const width = Math.max(3, x(healedMs) - x(atMs))
  const title = `${kind} (${target}) at ${(atMs / 1_000).toFixed(1)} s for ${((healedMs - atMs) / 1_000).toFixed(1)} s`
  return `<rect x="${x(atMs).toFixed(1)}" y="${top + 2}" width="${width.toFixed(1)}" height="${ROW - 4}" class="${hasStruck ? 'fault' : 'missed'}"><title>${escaped(title)}</title></rect>`
}

function perSecond(samples: readonly Sample[]): [number, number][] {
  return samples.slice(1).map(({ atMs, paid, cancelled }, n) => {
    const before = samples[n] as Sample
    const ended = paid + cancelled - before.paid - before.cancelled
    // a resumed run counts its customers anew
    return [atMs, Math.max(0, (ended * 1_000) / Math.max(1, atMs - before.atMs))]
  })
}

const BUCKETS = 200

/** The slowest tenth of each slice of time. */
function secondsToVerdict(ended: Judgement['endedMs'], endMs: number): [number, number][] {
  const firstMs = Math.min(...ended.map(({ atMs }) => atMs))
  const slices = new Map<number, number[]>()
  for (const { atMs, tookMs } of ended) {
    const slice = Math.floor(((atMs - firstMs) / endMs) * BUCKETS)
    slices.set(slice, [...(slices.get(slice) ?? []), tookMs])
  }
  return [...slices]
    .sort(([a], [b]) => a - b)
    .map(([slice, tookMs]) => [(slice * endMs) / BUCKETS, percentile(tookMs, 0.9) / 1_000])
}

export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
