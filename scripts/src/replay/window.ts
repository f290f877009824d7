import pg from 'pg'

/** Which events of an outbox are meant: by when they were committed, by type, by order. */
export interface Window {
  readonly since: Date
  /** Not included. */
  readonly until: Date
  readonly type?: string | undefined
  readonly orderId?: string | undefined
}

// By the time of the commit and the database's clock: ids are made by the clocks of the services' hosts.
const IN_WINDOW = `o.created_at >= $1 AND o.created_at < $2 AND ($3::text IS NULL OR o.type = $3)
  AND ($4::text IS NULL OR o.envelope ->> 'subject' = $4)`

const valuesOf = ({ since, until, type, orderId }: Window) => [since, until, type, orderId]

/** An outbox can be large, and an operator can wait. */
const STATEMENT_TIMEOUT_MS = 600_000

export async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, statement_timeout: STATEMENT_TIMEOUT_MS })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const count = async (client: pg.Client, sql: string, window: Window): Promise<number> =>
  Number((await client.query<{ n: string }>(sql, valuesOf(window))).rows[0]?.n)

export const countEvents = (client: pg.Client, window: Window): Promise<number> =>
  count(client, `SELECT count(*) AS n FROM outbox o WHERE ${IN_WINDOW}`, window)

export const countUnsent = (client: pg.Client, window: Window): Promise<number> =>
  count(client, `SELECT count(*) AS n FROM outbox_unsent JOIN outbox o USING (id) WHERE ${IN_WINDOW}`, window)

/** The service's own relay sends them again, with the same ids and its own rights. Answers how many. */
export async function markUnsent(client: pg.Client, window: Window): Promise<number> {
  const sql = `WITH chosen AS (SELECT id FROM outbox o WHERE ${IN_WINDOW}),
      marked AS (INSERT INTO outbox_unsent (id) SELECT id FROM chosen ORDER BY id ON CONFLICT DO NOTHING)
    SELECT count(*) AS n FROM chosen`
  return count(client, sql, window)
}

export async function clockOf(client: pg.Client): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>('SELECT now()')
  return rows[0]?.now ?? new Date()
}
