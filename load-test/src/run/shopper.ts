import { setTimeout as pause } from 'node:timers/promises'
import { newId, type ServiceName } from '@order-saga/common'
import {
  NoAnswer,
  type OrderRequest,
  type PlacedOrder,
  PlacementUnknown,
  placeOrder,
  pollOrder,
  Refused,
  ShopClient,
  StillPending,
} from '@order-saga/common/client'
import type { Customer } from '../shoppers/accounts'
import type { LineFile } from '../shoppers/line-file'
import type { Observation } from '../shoppers/observation'
import type { Http } from './http'
import type { Step } from './measures'
import type { Options } from './options'
import type { Recorder } from './recorder'
import type { Wish } from './wish'

/** What there is to buy. */
export interface Catalogue {
  readonly products: readonly string[]
  /** Of which there is none. */
  readonly soldOut: string | undefined
}

/** What every customer shares. */
export interface Surroundings {
  readonly url: (service: ServiceName) => string
  readonly catalogue: Catalogue
  readonly http: Http
  readonly recorder: Recorder
  readonly observations: LineFile<Observation>
  readonly options: Pick<Options, 'journey' | 'thinkMs' | 'prefersWait'> & {
    /** How long they try to order. */
    readonly givesUpAfterMs?: number
  }
  /** Nobody waits for anything any longer than this. */
  readonly signal: AbortSignal
}

// an order's deadline is two minutes
const POLL_WITHIN_MS = 180_000
const PREFERRED_WAIT_S = 5

/** One customer's way through the shop. */
export class Shopper {
  constructor(
    private readonly around: Surroundings,
    private readonly customer: Customer,
    private readonly wish: Wish,
    /** When this customer should have come, on the clock of `performance`. */
    private readonly dueMs: number,
  ) {}

  /** Answers how it ended. */
  async run(): Promise<string> {
    const lateMs = performance.now() - this.dueMs
    const request = this.around.options.journey === 'full' ? await this.#fillCart() : { items: this.#items }
    const placed = await this.#place({ ...request, paymentToken: this.wish.paymentToken }, lateMs)
    if (typeof placed === 'string') return placed
    const cancelling = this.wish.errand === 'cancel' ? this.#cancel(placed.id) : undefined
    const outcome = await this.#poll(placed)
    await cancelling
    return outcome
  }

  get #items(): { productId: string; quantity: number }[] {
    const { products, soldOut } = this.around.catalogue
    const items = this.wish.lines.map(({ product, quantity }) => ({ productId: products[product] as string, quantity }))
    return this.wish.errand === 'out-of-stock' && soldOut ? [...items, { productId: soldOut, quantity: 1 }] : items
  }

  /** Looks round and fills the cart, which may still hold what an earlier order gave back. */
  async #fillCart(): Promise<Pick<OrderRequest, 'items'>> {
    await this.#do('browse', (shop) => shop.call('product-service', 'GET /products'))
    await this.#do('empty-cart', (shop) => shop.call('cart-service', 'DELETE /cart'))
    for (const item of this.#items) {
      const path = { id: item.productId }
      await this.#do('product', (shop) => shop.call('product-service', 'GET /products/{id}', { path }))
      await this.#do('cart', (shop) => shop.call('cart-service', 'POST /cart/items', { body: item }))
    }
    return {}
  }

  async #do(step: Step, what: (shop: ShopClient) => Promise<unknown>): Promise<void> {
    await this.#try(step, what)
    await this.#think()
  }

  /** Once: a customer who is refused, or gets no answer, goes on. */
  async #try(step: Step, what: (shop: ShopClient) => Promise<unknown>): Promise<void> {
    const { http, signal, url } = this.around
    const { token } = this.customer
    const shop = new ShopClient({ baseUrlOf: url, token, signal, maxMs: 0, ask: http.asking(step) })
    await what(shop).catch((error) => {
      if (!(error instanceof Refused || error instanceof NoAnswer)) throw error
    })
  }

  /** The order, or what became of the wish instead. */
  async #place(body: OrderRequest, lateMs: number): Promise<PlacedOrder | string> {
    const { http, observations, recorder, signal, url } = this.around
    const { givesUpAfterMs: maxMs } = this.around.options
    const { id: userId, token } = this.customer
    const idempotencyKey = newId()
    observations.write({ kind: 'attempt', idempotencyKey, userId })
    const beganMs = performance.now()
    try {
      const ask = http.asking('order')
      const placed = await placeOrder({
        baseUrl: url('order-service'),
        token,
        body,
        idempotencyKey,
        maxMs,
        signal,
        ask,
      })
      const tookMs = performance.now() - beganMs
      recorder.time('accepted', tookMs + lateMs)
      const { id: orderId, isReplay, attempts } = placed
      observations.write({ kind: 'accepted', idempotencyKey, userId, orderId, isReplay, attempts, tookMs })
      return placed
    } catch (error) {
      if (error instanceof Refused) return `refused: ${error.slug || error.status}`
      if (error instanceof PlacementUnknown) return 'unknown: no answer to the order'
      throw error
    }
  }

  async #cancel(id: string): Promise<void> {
    await pause(this.wish.cancelAfterMs)
    await this.#try('cancel', (shop) => shop.call('order-service', 'POST /orders/{id}/cancel', { path: { id } }))
  }

  async #poll({ id: orderId, pollAfterMs }: PlacedOrder): Promise<string> {
    const { http, options, recorder, signal, url } = this.around
    const beganMs = performance.now()
    try {
      const { order, polls, notModifiedShare } = await pollOrder({
        baseUrl: url('order-service'),
        token: this.customer.token,
        orderId,
        maxMs: POLL_WITHIN_MS,
        signal,
        ask: http.asking('poll'),
        ...(options.prefersWait ? { preferWaitS: PREFERRED_WAIT_S } : { afterMs: pollAfterMs }),
      })
      recorder.time('terminal', performance.now() - beganMs)
      recorder.time('settled', Date.parse(order.updatedAt) - Date.parse(order.createdAt))
      recorder.polled(polls, Math.round(notModifiedShare * polls))
      recorder.ended++
      this.#see(orderId, 200, order)
      return order.reason ? `${order.status}: ${order.reason}` : order.status
    } catch (error) {
      if (error instanceof StillPending) return 'unknown: still pending'
      if (!(error instanceof Refused)) throw error
      this.#see(orderId, error.status)
      return `unknown: poll answered ${error.status}`
    }
  }

  #see(orderId: string, httpStatus: number, view?: { readonly status: string; readonly version: number }): void {
    const { observations } = this.around
    const { id: userId } = this.customer
    const what = view ? { status: view.status, version: view.version } : {}
    observations.write({ kind: 'polled', userId, orderId, httpStatus, ...what })
    if (view) observations.write({ kind: 'answered', userId, body: view })
  }

  async #think(): Promise<void> {
    const { options, signal } = this.around
    if (options.thinkMs > 0) await pause(options.thinkMs * this.wish.thinkFactor, undefined, { signal })
  }
}
