import {
  Database,
  type Envelope,
  type Id,
  Metrics,
  newId,
  type Runtime,
  type Saga,
  silent,
  statement,
} from '@order-saga/common'
import { onlyAsDescribed, testConfig, testDatabase, testTokens } from '@order-saga/common/testing'
import pg from 'pg'
import { Settler } from '../../common/src/messaging/settler'
import { buildOrderService, type OrderConfig, participant } from '../src'
import type { OrderBook } from '../src/db/order-book'
import { OrderRepository } from '../src/db/order-repository'
import { steps } from '../src/saga'
import { pens } from './given'

const outbox = statement<{ envelope: Envelope }>(
  'test-outbox',
  `SELECT envelope FROM outbox WHERE $1::text IS NULL OR envelope ->> 'subject' = $1 ORDER BY id`,
)

export const body = { items: [pens], paymentToken: 'tok_visa' }

export interface Asked {
  readonly as?: Id
  readonly key?: string
  readonly headers?: Record<string, string>
}

/** order-service on a database of its own. Requests are injected; events are settled as a batch of the broker's. */
export async function orderUnderTest(overrides: Partial<OrderConfig> = {}) {
  const home = await testDatabase(participant)
  const tokens = await testTokens()
  const owner = new pg.Pool({ connectionString: home.ownerUrl, max: 3 })
  // a connection that is just ending may hear of it that its database is dropped
  owner.on('error', () => {})
  const config: OrderConfig = {
    ...testConfig(home.url, 'amqp://127.0.0.1:1'),
    jwksUrl: tokens.jwksUrl,
    currency: 'EUR',
    orderDeadlineMs: 120_000,
    openOrdersPerCustomer: 1_000,
    graceMs: 30_000,
    sweepMs: 1_000,
    providerTimeoutMs: 10_000,
    cartUrl: 'http://127.0.0.1:1',
    ...overrides,
  }
  const instances: Runtime[] = []
  const another = async (more: Partial<OrderConfig> = {}) => {
    const instance = onlyAsDescribed(await buildOrderService({ ...config, ...more }))
    instances.push(instance)
    return instance
  }
  const runtime = await another()
  const customer = newId()
  const authorized = (as: Id = customer) => ({ authorization: tokens.bearer(as) })

  return {
    home,
    runtime,
    customer,
    tokens,
    another,
    authorized,
    /** Rows as the owner role sees and moves them. */
    sql: async <Row = Record<string, unknown>>(text: string, values: unknown[] = []) =>
      (await owner.query(text, values)).rows as Row[],
    /** A connection of the owner role, for transactions that stay open. */
    connect: () => owner.connect(),
    // async, since an injected request begins only when it is awaited
    place: async (payload: object = body, { as, key, headers = {} }: Asked = {}, on = runtime) =>
      on.app.inject({
        method: 'POST',
        url: '/orders',
        payload,
        headers: { ...authorized(as), ...(key !== undefined && { 'idempotency-key': key }), ...headers },
      }),
    get: async (url: string, { as, headers = {} }: Asked = {}, on = runtime) =>
      on.app.inject({ url, headers: { ...authorized(as), ...headers } }),
    cancel: async (id: Id, as?: Id) =>
      runtime.app.inject({ method: 'POST', url: `/orders/${id}/cancel`, headers: authorized(as) }),
    /** The address of an instance that really listens. */
    listen: (on = runtime) => on.app.listen({ port: 0, host: '127.0.0.1' }),
    saga: sagaOn(runtime.database),
    told: async (subject?: Id) =>
      (await runtime.database.query(outbox, [subject ?? null])).map(({ envelope }) => envelope),
    close: async () => {
      for (const instance of instances) await instance.stop()
      await owner.end()
      await tokens.close()
      await home.drop()
    },
  }
}

export type OrderUnderTest = Awaited<ReturnType<typeof orderUnderTest>>

/** The saga's side alone, over a connection pool: an instance whose commits wake no poller of another. */
export function sagaOn(database: Database, repository = new OrderRepository()) {
  const saga: Saga<OrderBook> = {
    steps,
    open: (tx, events) => repository.open(tx, events),
    close: (tx, book) => repository.close(tx, book),
  }
  const settler = new Settler({ database, saga, metrics: new Metrics('order-service'), log: silent })
  return {
    /** One transaction for all of them, as they would come in one batch. */
    settle: (...events: Envelope[]) =>
      settler.settle(
        events.map((event) => ({ event, brokerUser: event.source })),
        [],
      ),
    retryParked: () => settler.retryParked(),
  }
}

export const databaseAt = (url: string) => new Database({ service: 'order-service', url })

export const slugOf = (answer: { json(): { type?: string } }): string | undefined =>
  answer.json().type?.replace('/problems/', '')
