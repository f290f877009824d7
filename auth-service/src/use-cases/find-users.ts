import type { Database, Id } from '@order-saga/common'
import { listUsers } from '../db/user'

export const BEFORE_ALL: Id = '00000000-0000-7000-8000-000000000000'

interface Wanted {
  readonly text?: string
  readonly after?: Id
  readonly limit?: number
}

/** By id, which never changes: nobody is shown twice or skipped, whoever registers between two pages. */
export async function findUsers(database: Database, { text = '', after = BEFORE_ALL, limit = 20 }: Wanted) {
  const users = await listUsers(database, after, text, limit)
  const items = users.map(({ createdAt, deactivatedAt, ...user }) => ({
    ...user,
    createdAt: createdAt.toISOString(),
    deactivatedAt: deactivatedAt?.toISOString() ?? null,
  }))
  return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null }
}
