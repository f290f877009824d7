import type { Statistics } from '../api/answers'
import { barsOf } from '../view/bars'

const COUNT = 60
const HEIGHT = 36

/** Orders placed, minute by minute; the darker part was cancelled. */
export function MinuteBars({ minutes }: { minutes: Statistics['byMinute'] }) {
  const most = Math.max(0, ...minutes.map(({ placed }) => placed))
  const label = `Orders placed by minute in the last hour, at most ${most}`
  return (
    <svg class="bars" viewBox={`0 0 ${COUNT * 4} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {barsOf(minutes, COUNT).map(({ at, x, height, cancelled }) => (
        <g key={at}>
          <rect class="placed" x={x * 4} width="3" y={(1 - height) * HEIGHT} height={height * HEIGHT} />
          <rect class="cancelled" x={x * 4} width="3" y={(1 - cancelled) * HEIGHT} height={cancelled * HEIGHT} />
        </g>
      ))}
    </svg>
  )
}
