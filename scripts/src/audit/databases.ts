import pg from 'pg'
import { type AuditSources, SourceUnreachable } from './sources'
import type { ServiceName } from './who-hears-what'

const PAGE = 20_000

/** Reads the services' databases, in pages where a table can be long. */
export class Databases {
  readonly #pools: ReadonlyMap<ServiceName, pg.Pool>

  constructor(
    urls: AuditSources['databases'],
    private readonly rowsAtOnce = PAGE,
  ) {
    const given = Object.entries(urls) as [ServiceName, string][]
    this.#pools = new Map(given.map(([service, url]) => [service, poolOf(url)]))
  }

  get services(): readonly ServiceName[] {
    return [...this.#pools.keys()]
  }

  has(service: ServiceName): boolean {
    return this.#pools.has(service)
  }

  async query<Row extends object>(service: ServiceName, sql: string, values: unknown[] = []): Promise<Row[]> {
    const pool = this.#pools.get(service)
    if (!pool) throw new SourceUnreachable(`database of ${service}`, 'no URL given')
    try {
      return (await pool.query<Row>(sql, values)).rows
    } catch (error) {
      throw new SourceUnreachable(`database of ${service}`, error)
    }
  }

  /** `select` ends with its FROM, and its rows have a unique `key`. `since` is the least key that matters. */
  async *pages<Row extends object>(
    service: ServiceName,
    select: string,
    { key = 'id', since = NIL }: { key?: string; since?: string } = {},
  ): AsyncGenerator<Row[]> {
    let [least, compare] = [since, '>=']
    for (;;) {
      const rows = await this.query<Row>(
        service,
        `${select} WHERE ${key} ${compare} $1 ORDER BY ${key} LIMIT ${this.rowsAtOnce}`,
        [least],
      )
      if (rows.length > 0) yield rows
      if (rows.length < this.rowsAtOnce) return
      const last = rows.at(-1)?.[key as keyof Row]
      if (last === undefined) throw new Error(`rows of ${service} are read in pages by ${key}, which they lack`)
      ;[least, compare] = [String(last), '>']
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()))
  }
}

const NIL = '00000000-0000-0000-0000-000000000000'

function poolOf(connectionString: string): pg.Pool {
  const options = '-c default_transaction_read_only=on -c statement_timeout=120s'
  const pool = new pg.Pool({ connectionString, max: 1, connectionTimeoutMillis: 10_000, options })
  // an idle connection that is lost; the next query says what is wrong
  pool.on('error', () => {})
  return pool
}
