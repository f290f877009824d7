/** `12:01:07`, UTC like everything here. */
export const clock = (at: string): string => at.slice(11, 19)

/** `12:01:07.123` */
export const preciseClock = (at: string): string => at.slice(11, 23).replace('Z', '')

/** `2026-11-29 12:01:07`, or without the day when that is today. */
export const moment = (at: string, now: Date): string =>
  at.slice(0, 10) === now.toISOString().slice(0, 10) ? clock(at) : `${at.slice(0, 10)} ${clock(at)}`
