import type { Id } from '@order-saga/common'

interface PageQuery {
  readonly limit: number
  readonly [filter: string]: string | number | undefined
}

/** Where the list goes on, with the same filters; null after its last page. */
export function nextPage(path: string, found: readonly { readonly id: Id }[], query: PageQuery): string | null {
  const last = found.length === query.limit ? found.at(-1) : undefined
  if (!last) return null
  const given = Object.entries({ ...query, before: last.id }).filter(([, value]) => value !== undefined)
  return `${path}?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`
}
