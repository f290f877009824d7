const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const two = (n: number): string => String(n).padStart(2, '0')

/** As people say it: `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 13 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  const whole = Math.round(ms)
  if (whole < SECOND) return `${whole} ms`
  // 59.95 s would be rounded to 60.0
  if (whole < MINUTE - 50) return `${(whole / SECOND).toFixed(1)} s`
  const rounded = Math.round(whole / SECOND) * SECOND
  if (rounded < HOUR) return `${Math.floor(rounded / MINUTE)} min ${two((rounded % MINUTE) / SECOND)} s`
  if (rounded < DAY) return `${Math.floor(rounded / HOUR)} h ${two(Math.floor((rounded % HOUR) / MINUTE))} min`
  return `${Math.floor(rounded / DAY)} d ${Math.floor((rounded % DAY) / HOUR)} h`
}

/** For what ticks: no tenths. */
export function wholeSeconds(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(Math.max(0, ms) / SECOND)} s`
  return duration(Math.floor(ms / SECOND) * SECOND)
}

/** What is left until a moment, or how long ago it passed. */
export const countdown = (ms: number): string => (ms >= 0 ? `in ${wholeSeconds(ms)}` : `${wholeSeconds(-ms)} ago`)
