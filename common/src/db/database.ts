import pg from 'pg'
import { DataSource, type EntityManager, type EntitySchema } from 'typeorm'
import type { ServiceName } from '../contracts/services'
import type { Cause, Contract, DataOf } from '../contracts/vocabulary'
import { failpoint } from '../failpoint'
import { newId } from '../ids'
import { appendAll } from '../outbox/append'
import { type OutgoingEvent, outgoing } from '../outbox/outgoing'
import { type Emission, tell } from '../saga/decision'
import type { Id } from '../schemas'
import { isTrueWithin } from '../within'
import { classify, StaleWrite } from './errors'
import type { Queryable, Statement, Tx } from './tx'

export interface DatabaseOptions {
  readonly service: ServiceName
  readonly url: string
  /** Connections for named statements; TypeORM has five of its own. */
  readonly poolSize?: number
  readonly entities?: EntitySchema[]
  /** Events told here get spans, where their traces are recorded. */
  readonly isTraced?: boolean
}

export interface TransactionOptions {
  readonly lockTimeoutMs?: number
}

// A statement planned while its tables were empty would go on scanning them: index plans are pinned.
const PINNED_PLANS = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off'

const TIMEOUTS = {
  statement_timeout: 10_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 15_000,
  // our own clock, for a server that does not even answer: later than its statement_timeout
  query_timeout: 15_000,
  connectionTimeoutMillis: 5_000,
}

const ANSWERS_WITHIN_MS = 1_000

const runOn = (client: pg.ClientBase | pg.Pool): Queryable => ({
  async query<Row>({ name, text }: Statement<Row>, values: readonly unknown[] = []) {
    const result = await client.query({ name, text, values: [...values] })
    return result.rows as Row[]
  },
  async execute({ name, text }, values = []) {
    const result = await client.query({ name, text, values: [...values] })
    return result.rowCount ?? 0
  },
})

/**
 * A service's own PostgreSQL database: named statements on pipelined `pg` connections for the saga and the other
 * hot paths, TypeORM for entities and ordinary CRUD. Both kinds of transaction share one outbox.
 */
export class Database implements Queryable {
  readonly pool: pg.Pool
  readonly entities: DataSource
  readonly #service: ServiceName
  readonly #isTraced: boolean
  readonly #listeners: ((events: OutgoingEvent[]) => void)[] = []
  /** One connection that no work can occupy, there while somebody doubts the server. */
  readonly #doubt: pg.Pool

  constructor({ service, url, poolSize = 10, entities = [], isTraced = false }: DatabaseOptions) {
    this.#service = service
    this.#isTraced = isTraced
    const options = {
      connectionString: url,
      max: poolSize,
      pipeline: true,
      options: PINNED_PLANS,
      application_name: service,
    }
    this.pool = new pg.Pool({ ...TIMEOUTS, ...options })
    // A client also reports its lost connection to whoever holds it; unheard, the event would end the process.
    this.pool.on('error', () => {})
    this.pool.on('connect', (client) => client.on('error', () => {}))
    const patience = { connectionTimeoutMillis: ANSWERS_WITHIN_MS, query_timeout: ANSWERS_WITHIN_MS }
    this.#doubt = new pg.Pool({ connectionString: url, max: 1, application_name: service, ...patience })
    this.#doubt.on('error', () => {})
    this.#doubt.on('connect', (client) => client.on('error', () => {}))
    const extra = { ...TIMEOUTS, max: 5, application_name: service }
    this.entities = new DataSource({ type: 'postgres', url, entities, synchronize: false, extra })
  }

  /** Called with the events of each commit, after it. */
  onCommitted(listener: (events: OutgoingEvent[]) => void): void {
    this.#listeners.push(listener)
  }

  query<Row>(statement: Statement<Row>, values?: readonly unknown[]): Promise<Row[]> {
    return runOn(this.pool).query(statement, values)
  }

  execute(statement: Statement, values?: readonly unknown[]): Promise<number> {
    return runOn(this.pool).execute(statement, values)
  }

  /**
   * Runs `work` in one transaction; its events are published after the commit. `lockTimeoutMs`: how long it waits for
   * each lock, unless as long as all the others.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>, { lockTimeoutMs }: TransactionOptions = {}): Promise<T> {
    const client = await this.pool.connect()
    const tx = new OpenTx(this.#service, client, this.#isTraced)
    let lost: Error | undefined
    try {
      const patience = lockTimeoutMs === undefined ? '' : `; SET LOCAL lock_timeout = ${Math.round(lockTimeoutMs)}`
      const begun = client.query(`BEGIN${patience}`)
      const [, result] = await Promise.all([begun, begin(work, tx)])
      await commit(client, tx)
      this.#committed(tx)
      return result
    } catch (error) {
      lost = await rollback(client)
      throw tx.causeOf(error)
    } finally {
      client.release(lost)
    }
  }

  /** The same over TypeORM: `manager` and `tx` work in one transaction. */
  async entityTransaction<T>(work: (manager: EntityManager, tx: Tx) => Promise<T>): Promise<T> {
    await this.#connectEntities()
    const runner = this.entities.createQueryRunner()
    let client: pg.PoolClient | undefined
    try {
      client = (await runner.connect()) as pg.PoolClient
      await runner.startTransaction()
      const tx = new OpenTx(this.#service, client, this.#isTraced)
      const result = await work(runner.manager, tx)
      // not the runner's, which takes a ROLLBACK for an answer
      await commit(client, tx)
      this.#committed(tx)
      return result
    } catch (error) {
      // a connection that may hang must not go back to the pool
      if (classify(error) === 'infrastructure') void client?.end().catch(() => {})
      else if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {})
      throw error
    } finally {
      await runner.release()
    }
  }

  /** For reads outside a transaction. */
  async manager(): Promise<EntityManager> {
    await this.#connectEntities()
    return this.entities.manager
  }

  /** Whether the server answers at all, however busy or blocked our own connections are. Takes a second at most. */
  async isAnswering(): Promise<boolean> {
    return isTrueWithin(ANSWERS_WITHIN_MS, this.#doubt.query('SELECT'))
  }

  async close(): Promise<void> {
    await this.#doubt.end()
    if (this.entities.isInitialized) await this.entities.destroy()
    await this.pool.end()
  }

  #connecting: Promise<unknown> | undefined
  /** Connects on first use: a service starts, and retries, while PostgreSQL is away. */
  async #connectEntities(): Promise<void> {
    if (this.entities.isInitialized) return
    this.#connecting ??= this.entities.initialize().finally(() => {
      this.#connecting = undefined
    })
    await this.#connecting
  }

  #committed({ emitted, actions }: OpenTx): void {
    if (emitted.length > 0) for (const listener of this.#listeners) afterwards(() => listener(emitted))
    for (const action of actions) afterwards(action)
  }
}

class OpenTx implements Tx {
  readonly emitted: OutgoingEvent[] = []
  readonly actions: (() => void)[] = []
  readonly names: string[] = []
  readonly #service: ServiceName
  readonly #client: Queryable
  #firstError: unknown

  constructor(
    service: ServiceName,
    client: pg.PoolClient,
    private readonly isTraced: boolean,
  ) {
    this.#service = service
    this.#client = runOn(client)
  }

  query<Row>(statement: Statement<Row>, values?: readonly unknown[]): Promise<Row[]> {
    return this.#heard(this.#client.query(statement, values))
  }

  execute(statement: Statement, values?: readonly unknown[]): Promise<number> {
    return this.#heard(this.#client.execute(statement, values))
  }

  /**
   * Of several statements sent at once the one behind the failed one may be heard of first, and its error says only
   * that the transaction is aborted: neither a reader nor `classify` could do anything with that.
   */
  causeOf(error: unknown): unknown {
    return isAborted(error) ? (this.#firstError ?? error) : error
  }

  async #heard<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      this.#firstError ??= error
      throw error
    }
  }

  async write(statement: Statement, values: readonly unknown[], rows: number): Promise<void> {
    const written = await this.execute(statement, values)
    if (written !== rows) throw new StaleWrite(statement.name, rows, written)
  }

  emit<C extends Contract>(contract: C, data: DataOf<C>, cause: Cause): Id {
    const id = newId()
    this.tell(tell(contract, data, id), cause)
    return id
  }

  tell(emission: Emission, cause: Cause): void {
    this.emitted.push(outgoing(this.#service, emission, cause, this.isTraced))
  }

  concerns(...names: string[]): void {
    this.names.push(...names)
  }

  afterCommit(action: () => void): void {
    this.actions.push(action)
  }
}

// 25P02: in_failed_sql_transaction
const isAborted = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === '25P02'

/** What throws before its first await rejects as well: BEGIN is under way, and nobody else would hear it fail. */
const begin = async <T>(work: (tx: Tx) => Promise<T>, tx: Tx): Promise<T> => work(tx)

/** The transaction is committed: whatever fails now must not look as if it were not. */
function afterwards(action: () => void): void {
  try {
    action()
  } catch (error) {
    process.emitWarning(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

/** COMMIT of an aborted transaction resolves, with ROLLBACK: nothing may be acked or answered on that. */
async function commit(client: pg.PoolClient, tx: OpenTx): Promise<void> {
  failpoint('transaction.before_commit', tx.names)
  // sent together: an outbox that does not take them makes a ROLLBACK of the COMMIT
  const appending = appendAll(tx, tx.emitted)
  const committing = client.query('COMMIT')
  failpoint('transaction.commit_sent', tx.names)
  const [, { command }] = await Promise.all([appending, committing])
  if (command !== 'COMMIT') throw new Error(`transaction was rolled back instead of committed (${command})`)
  failpoint('transaction.committed', tx.names)
}

/** Answers the error when the connection is not usable any more, so that the pool drops it. */
async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
