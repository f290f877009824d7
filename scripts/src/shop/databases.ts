import { databaseOf, type ServiceName } from '@order-saga/common'
import pg from 'pg'

/** Looks into the databases past every proxy, as their administrator. */
export class Databases {
  readonly #pools = new Map<string, pg.Pool>()

  constructor(private readonly adminUrl: string) {}

  async query<Row = Record<string, unknown>>(
    service: ServiceName,
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return (await this.#pool(databaseOf(service)).query(sql, [...values])).rows as Row[]
  }

  /** One number: the first column of the first row. */
  async count(service: ServiceName, sql: string, values: readonly unknown[] = []): Promise<number> {
    const [row] = await this.query(service, sql, values)
    return Number(Object.values(row ?? {})[0] ?? 0)
  }

  /** Ends some of a service's sessions, as an administrator does. Answers how many. */
  async terminate(service: ServiceName, atMost: number): Promise<number> {
    const sql = `SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity
      WHERE datname = $1 AND usename LIKE '%_app' ORDER BY random() LIMIT $2) AS chosen`
    return this.count(service, sql, [databaseOf(service), atMost])
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()))
    this.#pools.clear()
  }

  #pool(database: string): pg.Pool {
    const known = this.#pools.get(database)
    if (known) return known
    const url = new URL(this.adminUrl)
    url.pathname = `/${database}`
    const pool = new pg.Pool({
      connectionString: url.href,
      max: 2,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 2_000,
    })
    // the server is killed under it, on purpose
    pool.on('error', () => {})
    this.#pools.set(database, pool)
    return pool
  }
}
