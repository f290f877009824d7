import { escaped } from './page'

export interface Bar {
  readonly label: string
  readonly value: number
}

const WIDTH = 1_100
const LEFT = 220
const ROW = 18

/** SVG of bars that lie beneath each other, each with its label and number. */
export function barsSvg(bars: readonly Bar[]): string {
  const highest = Math.max(1, ...bars.map(({ value }) => value))
  const rows = bars.map(({ label, value }, n) => {
    const width = ((WIDTH - LEFT - 90) * value) / highest
    const y = n * ROW
    return `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${escaped(label)}</text>
<rect x="${LEFT}" y="${y + 3}" width="${width.toFixed(1)}" height="${ROW - 6}" class="bar"/>
<text x="${(LEFT + width + 6).toFixed(1)}" y="${y + 13}" class="dim">${value.toLocaleString('en')}</text>`
  })
  return `<svg viewBox="0 0 ${WIDTH} ${bars.length * ROW + 4}" role="img">${rows.join('\n')}</svg>`
}
