export const WIDTH = 1_100
export const LEFT = 170
const CHART = 130

/** One chart: a line over the time of the run. */
export interface ChartOverTime {
  readonly title: string
  readonly colour: string
  readonly points: readonly (readonly [atMs: number, value: number])[]
}

type Scale = (ms: number) => number

/** Where a moment of a run of that length lies on the page. */
export const timeScale =
  (endMs: number): Scale =>
  (ms) =>
    LEFT + ((WIDTH - LEFT - 10) * ms) / endMs

/** Of each chart with what is around it. */
export const CHART_HEIGHT = CHART + 30

/** SVG of charts beneath each other. */
export const chartsSvg = (charts: readonly ChartOverTime[], x: Scale): string =>
  charts.map((chart, n) => chartSvg(chart, n * CHART_HEIGHT + 20, x)).join('\n')

function chartSvg({ title, colour, points }: ChartOverTime, top: number, x: Scale): string {
  const highest = Math.max(1, ...points.map(([, value]) => value))
  const y = (value: number) => top + CHART - (CHART * value) / highest
  const path = points.map(([ms, value], n) => `${n === 0 ? 'M' : 'L'}${x(ms).toFixed(1)},${y(value).toFixed(1)}`)
  const label = `<text x="${LEFT - 8}" y="${top + CHART / 2}" text-anchor="end">${title}</text>`
  const scale = `<text x="${LEFT - 8}" y="${top + 10}" text-anchor="end" class="dim">${Math.round(highest * 10) / 10}</text>`
  const ground = `<line x1="${LEFT}" x2="${WIDTH - 10}" y1="${top + CHART}" y2="${top + CHART}" class="axis"/>`
  return `${label}${scale}${ground}<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="1.3"/>`
}

const STEPS_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000]

export function timeAxis(endMs: number, y: number, x: Scale): string {
  const stepMs = STEPS_MS.find((step) => endMs / step <= 14) ?? 600_000
  const ticks = Array.from({ length: Math.floor(endMs / stepMs) + 1 }, (_, n) => n * stepMs)
  return ticks.map((ms) => `<text x="${x(ms).toFixed(1)}" y="${y + 14}" class="dim">${ms / 1_000} s</text>`).join('')
}
