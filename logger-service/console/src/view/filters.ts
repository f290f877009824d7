import type { JourneyLine } from '../api/answers'

/** What the list of sagas is narrowed to; every one of them is in the URL. */
export const filterNames = ['q', 'status', 'reason', 'customerId', 'olderThanS', 'stuck'] as const
export type Filters = Readonly<Record<(typeof filterNames)[number], string>>

export const filtersOf = (query: Readonly<Record<string, string>>): Filters =>
  Object.fromEntries(filterNames.map((name) => [name, query[name] ?? ''])) as Filters

/** Whether what the stream told belongs into the list; the same rules as the API's. */
export function isShown(line: JourneyLine, filters: Filters): boolean {
  const { q, status, reason, customerId, olderThanS, stuck } = filters
  if (q && !line.orderId.startsWith(q.toLowerCase())) return false
  if (status && line.status !== status) return false
  if (reason && line.reason !== reason) return false
  if (customerId && line.customerId !== customerId) return false
  if (olderThanS && (line.ageMs ?? 0) < Number(olderThanS) * 1000) return false
  return stuck !== 'true' || line.isStuck
}

/** Brings in what was told since the list was asked for: newest order first, each once, not more than a page. */
export function mergeLines(
  known: readonly JourneyLine[],
  told: readonly JourneyLine[],
  filters: Filters,
  limit: number,
): JourneyLine[] {
  const byId = new Map(known.map((line) => [line.orderId, line]))
  for (const line of told) {
    if (isShown(line, filters)) byId.set(line.orderId, line)
    else byId.delete(line.orderId)
  }
  return [...byId.values()].sort((a, b) => (a.orderId < b.orderId ? 1 : -1)).slice(0, limit)
}

const ORDER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isOrderId = (text: string): boolean => ORDER_ID.test(text)
