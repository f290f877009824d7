import type { FastifyInstance } from 'fastify'
import type { EntitySchema } from 'typeorm'
import { type BasicConfig, ConfigError } from './config/read-config'
import type { ServiceName } from './contracts/services'
import { Database } from './db/database'
import { checkDurability } from './db/durability'
import { databasesBeside, excessDatabaseRights } from './db/excess-rights'
import { statement } from './db/tx'
import { DeadLetters } from './dead-letters/dead-letters'
import { deadLetterRoutes } from './dead-letters/routes'
import { armFailpoints, failpoint } from './failpoint'
import { tokenVerifier } from './http/authenticate'
import { type App, buildApp } from './http/build-app'
import { giveUpOnSilence } from './http/give-up-on-silence'
import { healthRoutes } from './http/health'
import { RateLimit } from './http/rate-limit'
import { REVOCATIONS_EVERY_MS, Revocations } from './http/revocations'
import type { Log } from './log'
import { createLogger } from './logger'
import { LogShipper } from './logs/log-shipper'
import { nobodyTold, type TellLines } from './logs/tell-lines'
import type { Bus } from './messaging/bus'
import { Consumer } from './messaging/consumer'
import type { BrokerUserOf } from './messaging/open'
import { RabbitBus } from './messaging/rabbit-bus'
import { Settler } from './messaging/settler'
import { Metrics } from './metrics'
import { observeWaiting } from './observe'
import { Relay } from './outbox/relay'
import { retain } from './outbox/retention'
import { type Redis, redisClient } from './redis'
import type { Saga } from './saga/saga'
import { Repeating } from './timers'
import { otlpTracing } from './tracing/otlp-tracing'
import { ProcessSpans } from './tracing/process-spans'
import type { Tracing } from './tracing/tracing'
import { isTrueWithin } from './within'

export interface RuntimeOptions {
  readonly service: ServiceName
  /** One sentence for the Swagger page. */
  readonly about: string
  readonly config: BasicConfig
  readonly entities?: EntitySchema[]
  /** Slugs of 409: why its own work that failed may not be redone. */
  readonly redriveRefusals?: readonly string[]
  /** Another broker than the configured one: the in-memory bus of the tests. */
  readonly bus?: Bus
}

const HOUR_MS = 3_600_000
const ANSWERS_WITHIN_MS = 1_500
// the shortest pause before another attempt
const PARKED_MS = 1_000
// for what can wait. Rarely so long: what cannot comes in between and takes it along
const GATHER_MS = 50

const ping = statement('ping', 'SELECT 1')

/**
 * Everything a service is made of besides its own rules: log, metrics, database, bus, relay, HTTP server, timers.
 * The service's composition root adds routes, saga and tasks, then starts it.
 */
export class Runtime {
  readonly service: ServiceName
  readonly log: Log
  readonly metrics: Metrics
  readonly database: Database
  readonly bus: Bus
  readonly relay: Relay
  readonly redis: Redis
  readonly revocations: Revocations
  readonly deadLetters: DeadLetters
  /** Takes lines for the journal beside the log's own warnings and errors. */
  readonly lines: TellLines
  /** undefined: nobody takes spans. */
  readonly tracing: Tracing | undefined
  readonly #config: BasicConfig
  readonly #tasks: Repeating[] = []
  readonly #closers: (() => Promise<unknown>)[] = []
  readonly #retention: Repeating
  readonly #shipper: LogShipper | undefined
  readonly #missing: (() => string | undefined)[] = []
  #consumer: Consumer | undefined
  #isDraining = false
  #stopped: Promise<void> | undefined

  private constructor(
    readonly app: App,
    { service, config, entities = [], redriveRefusals = [], bus }: RuntimeOptions,
    metrics: Metrics,
    redis: Redis,
    revocations: Revocations,
    shipper: LogShipper | undefined,
    tracing: Tracing | undefined,
  ) {
    this.service = service
    this.tracing = tracing
    this.#config = config
    this.metrics = metrics
    this.redis = redis
    this.revocations = revocations
    this.log = app.log
    this.#shipper = shipper
    this.lines = shipper ?? nobodyTold
    const { databaseUrl: url, databasePool: poolSize, amqpUrl, amqpHeartbeatS: heartbeatS } = config
    this.database = new Database({ service, url, poolSize, entities, isTraced: tracing !== undefined })
    const onRefused = (error: Error) => this.#refuse(`SHOP_AMQP_URL: the broker refuses ${service}: ${error.message}`)
    const onExcess = (rights: string[]) => this.#judgeBrokerRights(rights)
    this.bus = bus ?? new RabbitBus({ service, url: amqpUrl, heartbeatS, log: this.log, onRefused, onExcess })
    const { database, log } = this
    this.relay = new Relay({
      database,
      databaseUrl: url,
      bus: this.bus,
      metrics,
      log,
      tracing,
      sweepAfterMs: config.sweepAfterMs,
    })
    giveUpOnSilence(app as unknown as FastifyInstance, () => this.database.isAnswering())
    const observe = () => isTrueWithin(ANSWERS_WITHIN_MS, observeWaiting(database, metrics))
    healthRoutes(app, () => this.#whatIsMissing(), metrics, observe)
    this.deadLetters = new DeadLetters(database, this.#brokerUserOf(), this.lines)
    deadLetterRoutes(app, this.deadLetters, redriveRefusals)
    this.#retention = this.every(HOUR_MS, 'retention', () => retain(this.database, service))
    this.every(REVOCATIONS_EVERY_MS, 'revoked tokens', () => revocations.refresh())
    redis.on('ready', () => void revocations.refresh())
    app.addHook('onReady', async () => void redis.connect().catch(() => {}))
  }

  static async create(options: RuntimeOptions): Promise<Runtime> {
    const { service, about, config } = options
    if (config.failpoints.length > 0) armFailpoints(config.failpoints)
    const metrics = new Metrics(service)
    const { amqpUrl: url, amqpHeartbeatS: heartbeatS } = config
    const shipper = options.bus ? undefined : new LogShipper({ service, url, heartbeatS, metrics })
    const logger = createLogger(service, config.logLevel, undefined, shipper)
    const redis = redisClient(config.redisUrl, logger)
    const revocations = new Revocations(redis, config.redisPrefix)
    const authenticate = tokenVerifier(config, (origin) => revocations.covers(origin))
    const hasDocs = config.docs === 'on' || (config.docs !== 'off' && config.nodeEnv !== 'production')
    const { behindTls: isBehindTls, maxConnections, trustedProxies, allowedOrigins, readLimit } = config
    const load = { maxRequests: config.maxRequests, maxDelayMs: config.maxLoopDelayMs }
    const writes = { name: 'writes', points: config.writeLimit, windowS: 60 }
    const writeLimit = new RateLimit(redis, `${config.redisPrefix}${service}:`, writes)
    const edge = { hasDocs, isBehindTls, maxConnections, load, writeLimit, readLimit, trustedProxies, allowedOrigins }
    const tracing = config.otlpEndpoint ? otlpTracing(service, config, logger) : undefined
    const app = await buildApp({ service, about, logger, metrics, authenticate, tracing, ...edge })
    return new Runtime(app, options, metrics, redis, revocations, shipper, tracing)
  }

  /**
   * Subscribes the service's part of the choreography. `gatherMs`: for who has nobody waiting for anything it does;
   * otherwise only the steps that can wait are gathered.
   */
  react<Book>(saga: Saga<Book>, { gatherMs }: { gatherMs?: number } = {}): void {
    const { database, metrics, log, lines, tracing } = this
    const patient = new Set(saga.steps.filter(({ canWait }) => canWait).map(({ contract }) => contract.type))
    const gathering =
      gatherMs === undefined ? { gatherMs: GATHER_MS, canWait: (type: string) => patient.has(type) } : { gatherMs }
    const spans = tracing && new ProcessSpans(tracing, this.service)
    const settler = new Settler<Book>({ database, saga, metrics, log, lines, spans })
    this.#consumer = new Consumer({
      settler: settler as Settler<unknown>,
      brokerUserOf: this.#brokerUserOf(),
      metrics,
      log,
      spans,
      ...gathering,
    })
    this.every(PARKED_MS, 'parked events', () => settler.retryParked())
    // a reader that never hears a type shows as one, and not as nothing
    for (const { contract } of saga.steps)
      metrics.events.inc({ type: contract.type, outcome: 'changed', reason: '' }, 0)
  }

  /** Runs a task again and again while the service is up. */
  every(ms: number, name: string, task: () => Promise<unknown>): Repeating {
    const repeating = new Repeating(name, ms, task, this.log)
    this.#tasks.push(repeating)
    return repeating
  }

  /** Called while draining, after the HTTP server and the consumer have ended. */
  onClose(close: () => Promise<unknown>): void {
    this.#closers.push(close)
  }

  /** A further condition of readiness: answers what is missing. */
  needs(missing: () => string | undefined): void {
    this.#missing.push(missing)
  }

  /** Listens and consumes. With broker or database away it starts all the same, and says so in /readyz. */
  async start(): Promise<string> {
    if (!this.#config.allowUnsafeDatabase) await checkDurability(this.database)
    this.#judgeDatabaseRights(await excessDatabaseRights(this.database, databasesBeside(this.service)))
    if (this.#config.sharedBrokerUser)
      this.log.warn({}, 'one broker user for all services: forged events are not prevented')
    this.#shipper?.start()
    this.bus.start(this.#consumer)
    this.relay.start()
    for (const task of this.#tasks) task.start()
    // a service that restarts more often than its interval would never get to it
    void this.#retention.runNow()
    failpoint('startup.before_listening', [this.service])
    return this.app.listen({ port: this.#config.port, host: this.#config.host })
  }

  /** Finishes what was begun and closes everything, in the order in which the parts need each other. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    this.#isDraining = true
    await Promise.all(this.#tasks.map((task) => task.stop()))
    await within(10_000, this.app.close())
    await within(2_000, this.bus.stopConsuming())
    await within(10_000, this.#consumer?.drain())
    this.#consumer?.stop()
    for (const close of this.#closers) await within(5_000, close())
    await within(5_000, this.relay.flush())
    await within(5_000, this.bus.close())
    await this.relay.stop()
    await within(3_000, this.#shipper?.close())
    this.redis.disconnect()
    await within(2_000, this.tracing?.close())
    await within(2_000, this.database.close())
  }

  async #whatIsMissing(): Promise<string[]> {
    const missing = this.#missing.map((check) => check())
    if (this.#isDraining) missing.push('draining')
    const why = this.bus.trouble ? ` (${this.bus.trouble})` : ''
    if (!this.bus.canPublish) missing.push(`broker: cannot publish${why}`)
    if (!this.bus.isConsuming) missing.push(`broker: not consuming${why}`)
    if (this.#consumer?.holding) missing.push('consumer: holding')
    const hasDatabase = await isTrueWithin(ANSWERS_WITHIN_MS, this.database.query(ping))
    if (!hasDatabase) missing.push('database')
    const named = missing.filter((name) => name !== undefined)
    this.#showReadiness(named.length === 0, hasDatabase)
    return named
  }

  #showReadiness(isReady: boolean, hasDatabase: boolean): void {
    const { ready, dependencyUp } = this.metrics
    ready.set(Number(isReady))
    dependencyUp.set({ dependency: 'database' }, Number(hasDatabase))
    dependencyUp.set({ dependency: 'broker' }, Number(this.bus.canPublish))
    dependencyUp.set({ dependency: 'queue' }, Number(this.bus.isConsuming))
  }

  #judgeDatabaseRights(rights: string[]): void {
    if (rights.length === 0) return
    const problem = `SHOP_DATABASE_URL names a role that ${rights.join(', ')}`
    if (this.#config.strictPrivileges || this.#config.nodeEnv === 'production') throw new ConfigError([problem])
    this.log.warn({}, problem)
  }

  #judgeBrokerRights(rights: string[]): void {
    const problem = `SHOP_AMQP_URL names a user that ${rights.join(' and ')}`
    if (this.#config.strictPrivileges) this.#refuse(problem)
    else this.log.warn({}, problem)
  }

  #brokerUserOf(): BrokerUserOf {
    const { sharedBrokerUser } = this.#config
    return (service) => sharedBrokerUser || service
  }

  #refuse(message: string): void {
    this.log.error({}, message)
    process.exitCode = 78
    process.kill(process.pid, 'SIGTERM')
  }
}

/** A part that does not close in time is left behind: the process ends anyway. */
async function within(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  await isTrueWithin(ms, work)
}
