import { type Queryable, type Statement, statement } from '@order-saga/common'

export interface News<Row> {
  /** Whatever is written from now on is found from here. */
  readonly position: string
  /** Oldest first; some of them may have been found before. */
  readonly rows: readonly (Row & { readonly writtenIn: string })[]
}

/** Answers where we are, with every row that was written since `$1`; one row without anything when there is none. */
export type NewsStatement<Row> = Statement<Row & { position: string; writtenIn: string | null }>

// more than one transaction writes
export const MAX_NEWS = 500

/**
 * A position is the oldest transaction that was still running: none that began before it can commit any more, so
 * nothing is missed, whoever wrote it and however late it committed. Ids and times are not in the order of commits.
 */
export const HERE = `WITH here AS (
  SELECT pg_snapshot_xmin(pg_current_snapshot()) AS position, pg_snapshot_xmax(pg_current_snapshot()) AS ceiling
)`

export const isPosition = (value: string): boolean => /^\d{1,20}$/.test(value) && BigInt(value) < 2n ** 63n

export async function newsSince<Row>(db: Queryable, news: NewsStatement<Row>, position: string): Promise<News<Row>> {
  const found = await db.query(news, [position])
  const rows = found.filter((row): row is typeof row & { writtenIn: string } => row.writtenIn !== null)
  // the rest of a long list comes next
  const last = rows.length === MAX_NEWS ? rows.at(-1)?.writtenIn : undefined
  return { position: last ?? found[0]?.position ?? position, rows }
}

const now = statement<{ position: string }>(
  'feed-now',
  'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS position',
)

export const positionNow = async (db: Queryable): Promise<string> => (await db.query(now))[0]?.position ?? '0'
