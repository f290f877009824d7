import { type Envelope, type Id, Metrics, type Saga, silent, statement } from '@order-saga/common'
import { onlyAsDescribed, testConfig, testDatabase, testTokens } from '@order-saga/common/testing'
import type { InjectOptions } from 'fastify'
import { Settler } from '../../common/src/messaging/settler'
import { buildCartService, participant } from '../src'
import type { CartBook } from '../src/db/cart-book'
import { saga } from '../src/saga'

const order = statement<{ state: string; taken: unknown }>(
  'order',
  'SELECT state, taken FROM cart_orders WHERE order_id = $1',
)
const count = statement<{ n: number }>('count', 'SELECT count(*)::int AS n FROM inbox')

/** cart-service on a database of its own: requests are injected, events settled by the real pipeline. */
export async function cartUnderTest() {
  const database = await testDatabase(participant)
  const tokens = await testTokens()
  const config = {
    ...testConfig(database.url, 'amqp://127.0.0.1:1'),
    jwksUrl: tokens.jwksUrl,
    currency: 'EUR',
    cartIdleDays: 30,
  }
  const runtime = onlyAsDescribed(await buildCartService(config))
  const settlerOf = (reactions: Saga<CartBook>) => {
    const metrics = new Metrics('cart-service')
    return new Settler({ database: runtime.database as never, saga: reactions, metrics: metrics as never, log: silent })
  }
  const settler = settlerOf(saga)

  return {
    database: runtime.database,
    tokens,
    send: (customer: Id, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
      runtime.app.inject({
        method,
        url,
        headers: { authorization: tokens.bearer(customer) },
        ...(payload && { payload }),
      }),
    request: (options: InjectOptions) => runtime.app.inject(options),
    settlerOf,
    /** One batch, in delivery order. */
    hear: (...events: Envelope[]) =>
      settler.settle(
        events.map((event) => ({ event, brokerUser: event.source })),
        [],
      ),
    orderOf: async (orderId: Id) => (await runtime.database.query(order, [orderId]))[0],
    handled: async () => (await runtime.database.query(count))[0]?.n,
    close: async () => {
      await runtime.stop()
      await tokens.close()
      await database.drop()
    },
  }
}

export type CartUnderTest = Awaited<ReturnType<typeof cartUnderTest>>
