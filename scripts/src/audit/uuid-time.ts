/** UUIDv7 begin with the moment of their making. */
export const timeOf = (id: string): Date => new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16))

/** The smallest id of a moment. */
export function floorOf(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

const DAY_MS = 86_400_000
// partitions are dropped once an hour
const SLACK_MS = 2 * 3_600_000

export const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY_MS)

/** Where rows that are dropped by whole days of UTC may begin at the latest. */
export function oldestKept(days: number): Date {
  const at = daysAgo(days).getTime() - SLACK_MS
  return new Date(at - (at % DAY_MS))
}

/** From here on no day has been dropped. */
export function surelyKept(days: number): Date {
  const at = daysAgo(days).getTime()
  return new Date(at - (at % DAY_MS) + DAY_MS)
}
