import type { Id } from '../schemas'

interface PageQuery {
  readonly limit: number
  readonly [filter: string]: string | number | undefined
}

/**
 * Where a list goes on after a page with these ids, with the same filters: it is asked for what came `before` the last
 * one. null after its last page.
 */
export function nextPage(path: string, ids: readonly Id[], query: PageQuery): string | null {
  const last = ids.length === query.limit ? ids.at(-1) : undefined
  if (last === undefined) return null
  const given = Object.entries({ ...query, before: last }).filter(([, value]) => value !== undefined)
  return `${path}?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`
}
