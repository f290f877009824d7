import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Database, type Envelope, type Id, Metrics, newId, type Saga, silent, statement } from '@order-saga/common'
import { servers, type TestDatabase, testDatabase } from '@order-saga/common/testing'
import pg from 'pg'
import { Settler } from '../../common/src/messaging/settler'
import { type Simulator, startSimulator } from '../simulator/start-simulator'
import type { PaymentBook } from '../src/db/payment-book'
import { PaymentEntity } from '../src/db/payment-entity'
import { PaymentRepository } from '../src/db/payment-repository'
import type { PaymentRow } from '../src/db/payment-row'
import { participant } from '../src/participant'
import type { Call } from '../src/provider/call'
import type { Circuit } from '../src/provider/circuit'
import type { Provider } from '../src/provider/provider'
import { SimulatedProvider } from '../src/provider/simulated-provider'
import { steps } from '../src/saga'
import { askOverdue } from '../src/use-cases/ask-overdue'
import { type Answered, recordAnswers } from '../src/use-cases/record-answers'
import { providerMetrics } from '../src/worker/provider-metrics'
import { ProviderWorker } from '../src/worker/provider-worker'

const PATIENCE_MS = 5_000
const LEASE_MS = 2 * PATIENCE_MS
// for tests in which the provider does not answer
const IMPATIENCE_MS = 1_000

export interface LedgerEntry {
  readonly type: 'charge' | 'decline' | 'refund'
  readonly key: string
  readonly amountMinor: number
}

export interface InstanceOptions {
  /** false: what it decides is not followed by calls. */
  readonly isCalling?: boolean
  readonly leaseMs?: number
  /** The breaker through which it calls the provider. */
  readonly circuit?: Circuit
}

/** One process of payment-service, without broker and timers: the tests say when it hears and sweeps. */
export class Instance {
  readonly database: Database
  readonly payments: PaymentRepository
  readonly worker: ProviderWorker
  readonly metrics = new Metrics('payment-service')
  readonly providerMetrics = providerMetrics(this.metrics)
  readonly settler: Settler<PaymentBook>
  readonly calls: Call[] = []

  constructor(
    url: string,
    provider: Provider,
    { isCalling = true, leaseMs = LEASE_MS, circuit }: InstanceOptions = {},
  ) {
    this.database = new Database({ service: 'payment-service', url, entities: [PaymentEntity] })
    const { database } = this
    this.payments = new PaymentRepository({
      leaseMs,
      graceMs: 1_000,
      onCalls: (calls) => {
        this.calls.push(...calls)
        if (isCalling) this.worker.take(calls)
      },
    })
    const worker = {
      database,
      payments: this.payments,
      provider: circuit ?? provider,
      circuit,
      metrics: this.providerMetrics,
    }
    this.worker = new ProviderWorker({ ...worker, log: silent, leaseMs })
    const saga: Saga<PaymentBook> = {
      steps,
      open: (tx, events) => this.payments.open(tx, events),
      close: (tx, book) => this.payments.close(tx, book),
    }
    this.settler = new Settler({ database, saga, metrics: this.metrics, log: silent })
  }

  /** One batch. */
  async hear(...events: Envelope[]): Promise<void> {
    await this.settler.settle(
      events.map((event) => ({ event, brokerUser: undefined })),
      [],
    )
  }

  record(...answers: Answered[]) {
    return this.database.transaction((tx) => recordAnswers(tx, this.payments, answers, newId))
  }

  /** One round of the timers, and everything that follows from it. */
  async sweep(): Promise<void> {
    await this.worker.sweep()
    await this.worker.drain()
  }

  askOverdue(): Promise<number> {
    return this.database.transaction((tx) => askOverdue(tx, newId))
  }
}

const findPayment = statement<PaymentRow & { attempts: number; last_error: string | null; wait_s: number }>(
  'test-payment',
  'SELECT *, extract(epoch FROM next_attempt_at - now())::float8 AS wait_s FROM payments WHERE order_id = $1',
)
const findTold = statement<{ envelope: Envelope }>(
  'test-told',
  `SELECT envelope FROM outbox WHERE envelope ->> 'subject' = $1 ORDER BY id`,
)
const findTransitions = statement<{ step: string; cause: string }>(
  'test-transitions',
  `SELECT from_state || ' → ' || to_state AS step, cause FROM payment_transitions WHERE order_id = $1 ORDER BY version`,
)
const makeDue = statement('test-due', 'UPDATE payments SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL')
const makeOld = statement(
  'test-old',
  `UPDATE payments SET first_called_at = now() - $2 * interval '1 hour', next_attempt_at = now() WHERE order_id = $1`,
)
const forget = statement('test-forget', 'DELETE FROM payments')
const passDeadline = statement('test-overdue', 'UPDATE payments SET next_ask_at = now() WHERE next_ask_at IS NOT NULL')

export interface OpenedWorld {
  readonly world: World
  readonly service: Instance
  /** Gives up soon on a provider that does not answer. */
  readonly impatient: Instance
}

/** One world for the tests of a file. */
export function useWorld(opened: (given: OpenedWorld) => void): void {
  let world: World | undefined
  beforeAll(async () => {
    world = await World.create()
    opened({ world, service: world.instance(), impatient: world.instance(world.silentProvider) })
  })
  afterAll(() => world?.close())
}

/** A database, a provider outside with its own ledger, and as many processes as a test wants. */
export class World {
  private readonly instances: Instance[] = []
  private readonly killed = new Set<Instance>()
  private constructor(
    readonly db: TestDatabase,
    readonly simulator: Simulator,
    private readonly folder: string,
  ) {}

  static async create(lateMs = 4_000): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'provider-'))
    const simulator = await startSimulator({ port: 0, ledgerFile: join(folder, 'ledger.ndjson'), lateMs })
    return new World(await testDatabase(participant), simulator, folder)
  }

  get provider(): Provider {
    return new SimulatedProvider({ providerUrl: this.simulator.url, providerTimeoutMs: PATIENCE_MS })
  }

  /** The provider for whoever gives up soon. */
  get silentProvider(): Provider {
    return new SimulatedProvider({ providerUrl: this.simulator.url, providerTimeoutMs: IMPATIENCE_MS })
  }

  instance(provider: Provider = this.provider, options?: InstanceOptions): Instance {
    const instance = new Instance(this.db.url, provider, options)
    this.instances.push(instance)
    return instance
  }

  private get database(): Database {
    return (this.instances[0] ?? this.instance()).database
  }

  /** A process whose calls never come back: killed while it waits, before it records anything. */
  doomed(provider: Partial<Provider> = {}): Instance {
    const never = () => new Promise<never>(() => {})
    const instance = this.instance({ charge: never, refund: never, find: never, ...provider })
    this.killed.add(instance)
    return instance
  }

  async payment(orderId: Id) {
    const [row] = await this.database.query(findPayment, [orderId])
    if (!row) throw new Error(`no payment for ${orderId}`)
    return row
  }

  async told(orderId: Id): Promise<Envelope[]> {
    return (await this.database.query(findTold, [orderId])).map(({ envelope }) => envelope)
  }

  async toldTypes(orderId: Id): Promise<string[]> {
    return (await this.told(orderId)).map(({ type, repeats }) => (repeats ? `${type} again` : type))
  }

  transitions(orderId: Id) {
    return this.database.query(findTransitions, [orderId])
  }

  /** The clock is in the rows: waiting and leases end now. */
  async timePasses(): Promise<void> {
    await this.database.execute(makeDue)
  }

  async hoursPassSinceFirstCall(orderId: Id, hours: number): Promise<void> {
    await this.database.execute(makeOld, [orderId, hours])
  }

  async deadlineAndGracePass(): Promise<void> {
    await this.database.execute(passDeadline)
  }

  /** What really happened, in the provider's own book. */
  async ledger(orderId: Id): Promise<LedgerEntry[]> {
    const response = await fetch(`${this.simulator.url}/v1/ledger?reference=${orderId}`)
    return ((await response.json()) as { entries: LedgerEntry[] }).entries
  }

  async movements(orderId: Id): Promise<string[]> {
    return (await this.ledger(orderId)).map(({ type, amountMinor }) => `${type} ${amountMinor}`)
  }

  async fault(body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' }
    await fetch(`${this.simulator.url}/faults`, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  /** It refuses new connections (53300) and ends the old ones. */
  async databaseGoesAway(): Promise<void> {
    await this.asAdmin((name) => `ALTER DATABASE ${name} CONNECTION LIMIT 0`)
    await this.asAdmin((name) => `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
  }

  async databaseComesBack(): Promise<void> {
    await this.asAdmin((name) => `ALTER DATABASE ${name} CONNECTION LIMIT -1`)
  }

  private async asAdmin(sql: (name: string) => string): Promise<void> {
    const admin = new pg.Client({ connectionString: servers.postgresAdminUrl })
    await admin.connect()
    await admin.query(sql(new URL(this.db.url).pathname.slice(1)))
    await admin.end()
  }

  async forgetPayments(): Promise<void> {
    await this.settle()
    await this.fault({ mode: 'ok' })
    await this.database.execute(forget)
  }

  private async settle(): Promise<void> {
    for (const instance of this.instances) if (!this.killed.has(instance)) await instance.worker.drain()
  }

  async close(): Promise<void> {
    await this.settle()
    for (const { database } of this.instances) await database.close()
    await this.simulator.close()
    await this.db.drop()
    rmSync(this.folder, { recursive: true })
  }
}
