import type { Happened } from '../chaos'
import type { Judgement } from '../judgement'
import type { Sample } from '../state'

const WIDTH = 1_100
const LEFT = 170
const ROW = 13
const CHART = 130

/** SVG of one chart: a line over the time of the run. */
interface Chart {
  readonly title: string
  readonly colour: string
  readonly points: readonly (readonly [atMs: number, value: number])[]
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** Faults against orders in flight, throughput and time to the verdict, on one axis of time. */
export function timeline({ state: { faults, samples }, endedMs }: Judgement): string {
  const endMs = Math.max(1, ...samples.map(({ atMs }) => atMs), ...faults.map(({ healedMs }) => healedMs))
  const x = (ms: number) => LEFT + ((WIDTH - LEFT - 10) * ms) / endMs
  const charts: Chart[] = [
    { title: 'orders in flight', colour: '#2563eb', points: samples.map(({ atMs, open }) => [atMs, open]) },
    { title: 'orders ended per second', colour: '#059669', points: perSecond(samples) },
    { title: 'seconds to the verdict', colour: '#b45309', points: secondsToVerdict(endedMs, endMs) },
  ]
  const kinds = [...new Set(faults.map(({ kind }) => kind))].sort()
  const top = charts.length * (CHART + 30)
  const height = top + kinds.length * ROW + 40
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="faults against orders in flight">
${charts.map((chart, n) => chartSvg(chart, n * (CHART + 30) + 20, x)).join('\n')}
${faults.map((fault) => faultSvg(fault, top + kinds.indexOf(fault.kind) * ROW, x)).join('\n')}
${kinds.map((kind, n) => `<text x="${LEFT - 8}" y="${top + n * ROW + 10}" text-anchor="end">${kind}</text>`).join('\n')}
${axis(endMs, height - 22, x)}
</svg>`
}

function chartSvg({ title, colour, points }: Chart, top: number, x: (ms: number) => number): string {
  const highest = Math.max(1, ...points.map(([, value]) => value))
  const y = (value: number) => top + CHART - (CHART * value) / highest
  const path = points.map(([ms, value], n) => `${n === 0 ? 'M' : 'L'}${x(ms).toFixed(1)},${y(value).toFixed(1)}`)
  const label = `<text x="${LEFT - 8}" y="${top + CHART / 2}" text-anchor="end">${title}</text>`
  const scale = `<text x="${LEFT - 8}" y="${top + 10}" text-anchor="end" class="dim">${Math.round(highest * 10) / 10}</text>`
  const ground = `<line x1="${LEFT}" x2="${WIDTH - 10}" y1="${top + CHART}" y2="${top + CHART}" class="axis"/>`
  return `${label}${scale}${ground}<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="1.3"/>`
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

function axis(endMs: number, y: number, x: (ms: number) => number): string {
  const stepMs = [10_000, 30_000, 60_000, 120_000, 300_000].find((step) => endMs / step <= 14) ?? 600_000
  const ticks = Array.from({ length: Math.floor(endMs / stepMs) + 1 }, (_, n) => n * stepMs)
  return ticks.map((ms) => `<text x="${x(ms).toFixed(1)}" y="${y + 14}" class="dim">${ms / 1_000} s</text>`).join('')
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
