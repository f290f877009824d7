import {
  Database,
  type DataOf,
  type Id,
  Metrics,
  newId,
  orderCreated,
  type Participant,
  type Saga,
  type ServiceName,
  type Statement,
  silent,
  statement,
} from '@order-saga/common'
import {
  eventually,
  servers,
  type TestBroker,
  type TestDatabase,
  testBroker,
  testDatabase,
} from '@order-saga/common/testing'
import amqp, { type Options } from 'amqplib'
import type { Envelope } from '../../src/contracts/envelope'
import { Consumer } from '../../src/messaging/consumer'
import { RabbitBus } from '../../src/messaging/rabbit-bus'
import { Settler } from '../../src/messaging/settler'
import { outgoing } from '../../src/outbox/outgoing'
import { Relay } from '../../src/outbox/relay'
import { tell } from '../../src/saga/decision'
import { Effects1763600000001, effects } from './effects'

/** Properties may be left out by naming them undefined: what a broken publisher sends. */
export type Loose<T> = { [K in keyof T]?: T[K] | undefined }

export const sender: Participant = { service: 'order-service', reacts: [], migrations: [] }
export const receiver: Participant = {
  service: 'product-service',
  reacts: ['order.created'],
  migrations: [Effects1763600000001],
}

export interface DeadLetter {
  readonly event_id: Id | null
  readonly type: string | null
  readonly reason: string
  readonly error: string
  readonly handler: string | null
  readonly attempts: number
  readonly raw: Buffer | null
  readonly envelope: Envelope | null
  readonly broker_user: string | null
  readonly properties: Record<string, unknown>
}
export const deadLetters = statement<DeadLetter>('dead-letters', 'SELECT * FROM dead_letters ORDER BY id')
export const parkedRows = statement<{ event_id: Id; attempts: number; reason: string; wait_ms: number }>(
  'parked-rows',
  `SELECT event_id, attempts, reason, extract(epoch FROM next_attempt_at - last_failed_at)::float * 1000 AS wait_ms FROM parked`,
)
export const inboxIds = statement<{ id: Id }>('inbox-ids', 'SELECT id FROM inbox')
export const unsentIds = statement<{ id: Id }>('unsent-ids', 'SELECT id FROM outbox_unsent')
const makeDue = statement('make-due', 'UPDATE parked SET next_attempt_at = now()')
const EMPTY = `WITH i AS (DELETE FROM inbox), o AS (DELETE FROM outbox), p AS (DELETE FROM parked),
  d AS (DELETE FROM dead_letters), s AS (DELETE FROM delivery_starts), a AS (DELETE FROM dead_letter_actions) DELETE FROM outbox_unsent`

export interface PlumbOptions {
  readonly saga?: Saga<unknown> | undefined
  readonly databaseUrl?: string
  readonly amqpUrl?: string
  readonly maxHoldMs?: number
  readonly gatherMs?: number
  readonly canWait?: (type: string) => boolean
  readonly sweepAfterMs?: number
}

export type Plumbing = ReturnType<Shop['plumb']>

/** A sender and a receiver on databases and a vhost of their own, with the real rights. */
export class Shop {
  readonly #closers: (() => Promise<unknown>)[] = []

  private constructor(
    readonly broker: TestBroker,
    readonly databases: Readonly<Record<string, TestDatabase>>,
    readonly admin: Database,
  ) {}

  static async open(): Promise<Shop> {
    const broker = await testBroker([sender, receiver])
    const receiverDb = await testDatabase(receiver)
    const databases = { 'order-service': await testDatabase(sender), 'product-service': receiverDb }
    return new Shop(broker, databases, new Database({ service: 'product-service', url: receiverDb.ownerUrl }))
  }

  /** The delivery pipeline of a service, as `Runtime` puts it together. */
  plumb(service: ServiceName, options: PlumbOptions = {}) {
    const { saga, maxHoldMs, gatherMs = 0, databaseUrl = this.urlOf(service), sweepAfterMs = 500 } = options
    const database = new Database({ service, url: databaseUrl, poolSize: 5 })
    const metrics = new Metrics(service)
    const url = options.amqpUrl ?? this.broker.urlOf(service)
    const bus = new RabbitBus({ service, url, heartbeatS: 5, log: silent })
    const relay = new Relay({ database, databaseUrl, bus, metrics, log: silent, sweepAfterMs, sweepEveryMs: 50 })
    const settler = saga && new Settler({ database, saga, metrics, log: silent })
    const hold = maxHoldMs === undefined ? {} : { maxHoldMs }
    const patience = options.canWait ? { gatherMs, canWait: options.canWait } : { gatherMs }
    const consumer =
      settler && new Consumer({ settler, brokerUserOf: (s) => s, metrics, log: silent, ...patience, ...hold })
    let isStopped = false
    const stop = async () => {
      if (isStopped) return
      isStopped = true
      await bus.stopConsuming()
      consumer?.stop()
      await relay.stop()
      await bus.close()
      await database.close()
    }
    this.#closers.push(stop)
    return { database, metrics, bus, relay, settler, consumer, stop }
  }

  /** The same, connected. */
  async start(service: ServiceName, options: PlumbOptions = {}): Promise<Plumbing> {
    const plumbing = this.plumb(service, options)
    plumbing.bus.start(plumbing.consumer)
    plumbing.relay.start()
    await isConnected(plumbing)
    return plumbing
  }

  urlOf(service: ServiceName): string {
    return this.databases[service]?.url ?? ''
  }

  /** A connection that follows no rules; without `user` an administrator's. */
  async raw(user?: ServiceName) {
    const { username, password } = new URL(servers.managementUrl)
    const url = user
      ? this.broker.urlOf(user)
      : `amqp://${username}:${password}@${servers.amqpAddress}/${this.broker.vhost}`
    const model = await amqp.connect(url)
    model.on('error', () => {})
    this.#closers.push(() => model.close().catch(() => {}))
    const channel = await model.createConfirmChannel()
    channel.on('error', () => {})
    const publish = async (body: Buffer | string, options: Loose<Options.Publish> = {}, key = 'order.created') => {
      channel.publish('shop.events', key, Buffer.from(body), options as Options.Publish)
      await channel.waitForConfirms()
    }
    return { model, channel, publish }
  }

  async depthOf(queue: string): Promise<number> {
    const { channel } = await this.raw()
    return (await channel.checkQueue(queue)).messageCount
  }

  rows<Row>(statement: Statement<Row>, values?: unknown[]): Promise<Row[]> {
    return this.admin.query(statement, values)
  }

  async effectIds(): Promise<Id[]> {
    return (await this.rows(effects)).map(({ event_id }) => event_id)
  }

  /** Runs one statement as the owner of a service's database. */
  async asOwner(service: ServiceName, sql: string): Promise<void> {
    const owner = new Database({ service, url: this.databases[service]?.ownerUrl ?? '' })
    await owner.pool.query(sql).finally(() => owner.close())
  }

  /** Lets the pause before the next attempt be over. */
  makeParkedDue = () => this.admin.execute(makeDue)

  /** Ends what this test has started and empties the tables. */
  async reset(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close()
    const { management, vhost } = this.broker
    for (const queue of ['product-service.events', 'product-service.dead', 'order-service.events'])
      await management.delete(`/queues/${vhost}/${queue}/contents`)
    await this.admin.pool.query(`${EMPTY}; DELETE FROM effects`)
    await this.asOwner('order-service', EMPTY)
  }

  async close(): Promise<void> {
    await this.reset()
    await this.admin.close()
    await this.broker.drop()
    for (const database of Object.values(this.databases)) await database.drop()
  }
}

export const isConnected = ({ bus }: Pick<Plumbing, 'bus'>): Promise<void> =>
  eventually(() => {
    if (!bus.canPublish || !bus.isConsuming) throw new Error(bus.trouble ?? 'not connected')
  })

/** An event as order-service would tell it; `overrides` make it wrong. */
export function orderEvent(overrides: Record<string, unknown> = {}, data: Partial<DataOf<typeof orderCreated>> = {}) {
  const emission = tell(orderCreated, { ...orderCreated.example, orderId: newId(), ...data }, newId())
  return {
    ...(JSON.parse(outgoing('order-service', emission, { correlationId: newId() }).json) as Envelope),
    ...overrides,
  }
}

export const placeOrders = (database: Database, orderIds: readonly Id[]): Promise<Id[]> =>
  database.transaction(async (tx) =>
    orderIds.map((orderId) => tx.emit(orderCreated, { ...orderCreated.example, orderId }, { correlationId: newId() })),
  )
