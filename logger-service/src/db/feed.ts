import { type Queryable, statement } from '@order-saga/common'

/** A table of which every row says which transaction wrote it. */
export interface Fed {
  readonly name: string
  readonly columns: string
  readonly from: string
  readonly writtenIn: string
}

export interface News<Row> {
  /** Whatever is written from now on is found from here. */
  readonly position: string
  /** Oldest first; some of them may have been found before. */
  readonly rows: readonly (Row & { readonly writtenIn: string })[]
}

const MAX_ROWS = 500
const shape = /^\d{1,20}$/

export const isPosition = (value: string): boolean => shape.test(value) && BigInt(value) < 2n ** 63n

/**
 * What was written since. A position is the oldest transaction that was still running: none that began before it can
 * commit any more, so nothing is missed, whoever wrote it and however late it committed.
 */
export async function newsOf<Row extends object>(
  db: Queryable,
  { name, columns, from, writtenIn }: Fed,
  position: string,
): Promise<News<Row>> {
  const since = statement<{ position: string; writtenIn: string | null } & Row>(
    `${name}-news`,
    `WITH here AS (
       SELECT pg_snapshot_xmin(pg_current_snapshot()) AS position, pg_snapshot_xmax(pg_current_snapshot()) AS ceiling
     )
     SELECT here.position::text, news.* FROM here LEFT JOIN LATERAL (
       SELECT ${columns}, ${writtenIn}::text AS "writtenIn" FROM ${from}
       WHERE ${writtenIn} >= $1::text::xid8 AND ${writtenIn} < here.ceiling ORDER BY ${writtenIn} LIMIT ${MAX_ROWS}
     ) news ON true`,
  )
  const found = await db.query(since, [position])
  const rows = found.filter((row): row is typeof row & { writtenIn: string } => row.writtenIn !== null)
  // the rest of a long list comes next; no transaction writes as many
  const last = rows.length === MAX_ROWS ? rows.at(-1)?.writtenIn : undefined
  return { position: last ?? found[0]?.position ?? position, rows }
}

const now = statement<{ position: string }>(
  'feed-now',
  'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS position',
)

export const positionNow = async (db: Queryable): Promise<string> => (await db.query(now))[0]?.position ?? '0'
