interface Minute {
  readonly at: string
  readonly placed: number
  readonly cancelled: number
}

export interface Bar {
  readonly at: string
  readonly x: number
  readonly height: number
  readonly cancelled: number
}

/** One bar a minute, the newest on the right; minutes nobody tells of are empty. Heights are parts of the highest. */
export function barsOf(minutes: readonly Minute[], count: number): Bar[] {
  const most = Math.max(1, ...minutes.map(({ placed }) => placed))
  const last = Math.max(...minutes.map(({ at }) => Date.parse(at)))
  return minutes
    .map(({ at, placed, cancelled }) => ({
      at,
      x: count - 1 - Math.round((last - Date.parse(at)) / 60_000),
      height: placed / most,
      cancelled: Math.min(placed, cancelled) / most,
    }))
    .filter(({ x, height }) => x >= 0 && height > 0)
}
