import {
  type Caller,
  type Database,
  type Id,
  newId,
  nextPage,
  notFound,
  type OrderLine,
  Problem,
  type Tracing,
  tracedCall,
} from '@order-saga/common'
import type { Static } from 'typebox'
import { fingerprintOf, type NewOrder } from '../db/insert-orders'
import { listOrders, searchOrders } from '../db/list-orders'
import type { OrderRepository } from '../db/order-repository'
import type { OrderRecord } from '../db/order-row'
import { readTimeline } from '../db/read-timeline'
import { mergeLines } from '../domain/merge-lines'
import type { Following, FollowOrders } from '../use-cases/follow-orders'
import type { Placed, PlaceOrder } from '../use-cases/place-order'
import { requestCancellation } from '../use-cases/request-cancellation'
import type { WatchOrders } from '../use-cases/watch-orders'
import { etagOf, toAdminView, toTimeline, toView } from './order-view'
import { readCart } from './read-cart'
import { matchesEtag } from './request-headers'
import type {
  OrderListBody,
  OrderListQuery,
  OrderSearchBody,
  OrderSearchQuery,
  PlaceOrderBody,
  TimelineBody,
} from './schemas'

export interface OrderApiOptions {
  readonly database: Database
  readonly repository: OrderRepository
  readonly placeOrder: PlaceOrder
  readonly watch: WatchOrders
  readonly follow: FollowOrders
  readonly currency: string
  readonly cartUrl: string
  readonly tracing?: Tracing | undefined
}

interface RequestFacts {
  readonly key: string | null
  readonly requestId: Id
  readonly traceparent: string | null
}

interface PollFacts {
  readonly known: string | undefined
  readonly waitS: number
  /** The asker is gone. */
  readonly hungUp: AbortSignal
}

/** Between the routes and the use cases: who asks, whose order it is, what the request comes to. */
export class OrderApi {
  constructor(private readonly options: OrderApiOptions) {}

  async place(caller: Caller, body: Static<typeof PlaceOrderBody>, facts: RequestFacts): Promise<Placed> {
    const { placeOrder } = this.options
    const order = this.#orderOf(caller, body, facts)
    if (body.items) return placeOrder.place(order)
    // the same request answers the same, whatever became of the cart meanwhile
    const earlier = await placeOrder.replay(order)
    if (earlier) return earlier
    try {
      return await placeOrder.place({ ...order, lines: await this.#cartOf(caller, facts) })
    } catch (refusal) {
      // a parallel request with this key may be what emptied the cart
      const other = await placeOrder.replay(order)
      if (other) return other
      throw refusal
    }
  }

  async poll(caller: Caller, id: Id, { known, waitS, hungUp }: PollFacts): Promise<OrderRecord> {
    if (waitS === 0) return this.#own(caller, id)
    const listening = this.options.watch.listen(id)
    try {
      const order = await this.#own(caller, id)
      const isNews = known !== undefined && !matchesEtag(known, etagOf(order))
      if (isNews || order.status !== 'pending') return order
      return (await listening.wait(waitS * 1000, hungUp)) ?? (await this.#own(caller, id))
    } finally {
      listening.stop()
    }
  }

  async list(caller: Caller, query: Static<typeof OrderListQuery>): Promise<Static<typeof OrderListBody>> {
    const { limit = 20, ...filter } = query
    const found = await listOrders(this.options.database, caller.userId, { ...filter, limit })
    return { items: found.map(toView), next: nextPage('/orders', idsOf(found), { ...query, limit }) }
  }

  async search(query: Static<typeof OrderSearchQuery>): Promise<Static<typeof OrderSearchBody>> {
    const { limit = 20, customerId, ...rest } = query
    const { database } = this.options
    const filter = { ...rest, limit }
    const found = await (customerId ? listOrders(database, customerId, filter) : searchOrders(database, filter))
    return { items: found.map(toAdminView), next: nextPage('/admin/orders', idsOf(found), { ...query, limit }) }
  }

  async timeline(caller: Caller, id: Id): Promise<Static<typeof TimelineBody>> {
    await this.#own(caller, id)
    return toTimeline(id, await readTimeline(this.options.database, id))
  }

  /** undefined: the caller has seen how it ended. */
  async follow(caller: Caller, id: Id, lastSeen: number): Promise<Following | undefined> {
    const order = await this.#own(caller, id)
    // a version that is still to come was never sent
    const seen = lastSeen > order.version ? 0 : lastSeen
    const isOver = order.status !== 'pending' && seen === order.version
    return isOver ? undefined : this.options.follow.follow(id, caller.userId, seen)
  }

  async cancel(caller: Caller, id: Id): Promise<OrderRecord> {
    const { database, repository } = this.options
    await database.transaction((tx) => requestCancellation(tx, repository, id, caller.userId))
    return this.#own(caller, id)
  }

  #cartOf({ token }: Caller, { traceparent }: RequestFacts): Promise<OrderLine[]> {
    const { tracing, cartUrl } = this.options
    const call = { name: 'GET /cart', attributes: { 'http.request.method': 'GET', 'server.address': 'cart-service' } }
    return tracedCall(tracing, traceparent ?? undefined, call, (context) => readCart(cartUrl, token, context))
  }

  /** Somebody else's order is no order. */
  async #own(caller: Caller, id: Id): Promise<OrderRecord> {
    const order = await this.options.watch.read(id)
    if (order?.customerId !== caller.userId) throw notFound('order')
    return order
  }

  #orderOf(
    caller: Caller,
    body: Static<typeof PlaceOrderBody>,
    { key, requestId, traceparent }: RequestFacts,
  ): NewOrder {
    const lines = mergeLines(body.items ?? [])
    if (!lines) throw new Problem(400, 'validation', 'The lines of one product add up to more than 1,000 pieces.')
    return {
      id: newId(),
      customerId: caller.userId,
      lines,
      currency: this.options.currency,
      expectedTotalMinor: body.expectedTotalMinor ?? null,
      paymentToken: body.paymentToken,
      fromCart: body.items === undefined,
      idempotencyKey: key,
      fingerprint: fingerprintOf('POST /orders', body),
      createdEventId: newId(),
      correlationId: requestId,
      traceparent,
    }
  }
}

const idsOf = (orders: readonly OrderRecord[]): Id[] => orders.map(({ id }) => id)
