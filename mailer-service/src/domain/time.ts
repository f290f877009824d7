const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** For people: 1 January 2026 at 12:20 UTC. */
export const timeOf = (time: Date | string): string => `${format.format(new Date(time))} UTC`
