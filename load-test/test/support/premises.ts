import { applyTopology, eventsQueue, manifestOf, type ServiceName, segment } from '@order-saga/common'
import {
  type BrokerPlace,
  developmentPassword,
  eventually,
  servers,
  type TestBroker,
  type TestDatabase,
  testBroker,
  testDatabase,
} from '@order-saga/common/testing'
import { participants } from '@order-saga/scripts/participants'
import pg from 'pg'

/** A row somebody else holds. */
export interface Held {
  release(): Promise<void>
}

/** Databases and a vhost of their own, the same for services in this process and for processes. */
export class Premises {
  readonly #pools = new Map<ServiceName, pg.Pool>()
  readonly #admin = poolOf(servers.postgresAdminUrl)

  private constructor(
    readonly broker: TestBroker,
    private readonly databases: ReadonlyMap<ServiceName, TestDatabase>,
  ) {}

  static async open(place?: BrokerPlace): Promise<Premises> {
    const broker = testBroker(participants, place)
    const databases = participants.map(async (one) => [one.service, await testDatabase(one)] as const)
    return new Premises(await broker, new Map(await Promise.all(databases)))
  }

  databaseUrl(service: ServiceName): string {
    return this.#databaseOf(service).url
  }

  ownerUrl(service: ServiceName): string {
    return this.#databaseOf(service).ownerUrl
  }

  /** As the database's owner: a test may look at everything, and turn back clocks. */
  async query<Row = Record<string, unknown>>(
    service: ServiceName,
    sql: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    return (await this.#pool(service).query(sql, values)).rows as Row[]
  }

  /** Locks rows, or takes keys, as a slow transaction would; released, nothing of it is left. */
  async hold(service: ServiceName, sql: string, values: unknown[]): Promise<Held> {
    const client = await this.#pool(service).connect()
    await client.query('BEGIN')
    const { rowCount } = await client.query(sql, values)
    if (rowCount === 0) throw new Error('nothing to hold')
    return {
      release: async () => {
        await client.query('ROLLBACK')
        client.release()
      },
    }
  }

  /** Resolves when so many sessions of the service wait for a lock: whoever came first is first in line. */
  whenWaiting(service: ServiceName, sessions: number): Promise<void> {
    return eventually(async () => {
      const waiting = await this.waiting(service)
      if (waiting.length < sessions) throw new Error(`${waiting.length} sessions wait, not ${sessions}`)
    })
  }

  /** The sessions of the service that wait for a lock. */
  async waiting(service: ServiceName): Promise<number[]> {
    const name = new URL(this.databaseUrl(service)).pathname.slice(1)
    const sql = `SELECT pid FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'`
    return (await this.#admin.query<{ pid: number }>(sql, [name])).rows.map(({ pid }) => pid)
  }

  /** Resolves when none of these sessions waits for a lock any more. */
  whenGivenUp(sessions: readonly number[]): Promise<void> {
    const sql = `SELECT FROM pg_stat_activity WHERE pid = ANY($1) AND wait_event_type = 'Lock'`
    return eventually(async () => {
      const { rowCount } = await this.#admin.query(sql, [sessions])
      if (rowCount !== 0) throw new Error(`${rowCount} sessions still wait`)
    })
  }

  /** Ends every connection of a service to its database, as an administrator or a failover does. */
  async cutDatabase(service: ServiceName): Promise<number> {
    const name = new URL(this.databaseUrl(service)).pathname.slice(1)
    const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename LIKE '%_app'`
    return (await this.#admin.query(sql, [name])).rowCount ?? 0
  }

  /** How many its ended sessions met: a session reports that at its end. The service must be stopped. */
  deadlocks(service: ServiceName): Promise<number> {
    const name = new URL(this.databaseUrl(service)).pathname.slice(1)
    const sql = `SELECT deadlocks::int, (SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = $1 AND usename LIKE '%_app') AS sessions FROM pg_stat_database WHERE datname = $1`
    return eventually(async () => {
      const [row] = (await this.#admin.query<{ deadlocks: number; sessions: number }>(sql, [name])).rows
      if (row?.sessions !== 0) throw new Error(`${row?.sessions} sessions of ${service} are left`)
      return row.deadlocks
    })
  }

  /** Loses what waits for a service. */
  async purge(service: ServiceName): Promise<void> {
    const { management, vhost } = this.broker
    await management.delete(`/queues/${segment(vhost)}/${eventsQueue(service)}/contents`)
  }

  async deleteQueue(service: ServiceName): Promise<void> {
    const { management, vhost } = this.broker
    await management.delete(`/queues/${segment(vhost)}/${eventsQueue(service)}`)
  }

  /** `npm run topology` */
  async rebuildTopology(): Promise<void> {
    const { management, vhost } = this.broker
    await applyTopology(management, manifestOf(participants), { vhost, passwordOf: developmentPassword })
  }

  /** The connections to this vhost and to no other, as soon as there are so many: the broker lists them late. */
  async connections(atLeast: number, { consumerOf }: { consumerOf?: ServiceName } = {}): Promise<string[]> {
    const { management, vhost } = this.broker
    type Listed = { name: string; client_properties: { connection_name?: string } }
    return eventually(async () => {
      const all = await management.get<Listed[]>(`/vhosts/${segment(vhost)}/connections`)
      const listed = consumerOf
        ? all.filter(({ client_properties }) => client_properties.connection_name === `${consumerOf} consumes`)
        : all
      if (listed.length < atLeast) throw new Error(`${listed.length} connections, not ${atLeast}`)
      return listed.map(({ name }) => name)
    })
  }

  /** As the broker does with those that have stopped answering: what they hold goes to somebody else. */
  async closeConnections(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.broker.management.delete(`/connections/${segment(name)}`)))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values(), this.#admin].map((pool) => pool.end()))
    await this.broker.drop()
    await Promise.all([...this.databases.values()].map((database) => database.drop()))
  }

  #databaseOf(service: ServiceName): TestDatabase {
    const database = this.databases.get(service)
    if (!database) throw new Error(`${service} has no database`)
    return database
  }

  #pool(service: ServiceName): pg.Pool {
    const pool = this.#pools.get(service) ?? poolOf(this.ownerUrl(service))
    this.#pools.set(service, pool)
    return pool
  }
}

function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 3 })
  pool.on('error', () => {})
  return pool
}
