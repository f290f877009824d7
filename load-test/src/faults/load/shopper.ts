import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '@order-saga/common'
import {
  NoAnswer,
  type OrderRequest,
  type PlacedOrder,
  PlacementUnknown,
  type PolledOrder,
  placeOrder,
  pollOrder,
  Refused,
  ShopClient,
} from '@order-saga/common/client'
import type { Customer } from '../../shoppers/accounts'
import type { Site } from '../site/site'
import type { Observations } from './observations'
import type { Population } from './people'
import type { Wish } from './wish'

export interface Shop {
  readonly site: Site
  readonly population: Population
  readonly observations: Observations
  /** Nobody waits for an order any longer than this. */
  readonly signal: AbortSignal
}

const PLACE_WITHIN_MS = 60_000
const POLL_WITHIN_MS = 180_000
const DUPLICATES = 5

/** One customer's way through the shop. Answers the status the order ended with, as the customer saw it. */
export class Shopper {
  readonly #key = newId()
  readonly #customer: Customer
  readonly #orders: string

  constructor(
    private readonly shop: Shop,
    private readonly wish: Wish,
  ) {
    const { customers } = shop.population
    this.#customer = customers[wish.customer % customers.length] as Customer
    this.#orders = shop.site.door('order-service', wish.door)
  }

  async run(): Promise<string | undefined> {
    const body = await this.#request()
    this.shop.observations.saw({ kind: 'attempt', idempotencyKey: this.#key, userId: this.#customer.id })
    const placed = await this.#place(body)
    if (!placed) return undefined
    const beganMs = performance.now()
    if (this.wish.errand === 'cancel') void this.#cancel(placed.id)
    const status = await this.#poll(placed.id)
    if (status)
      this.shop.observations.happened({
        kind: 'ended',
        orderId: placed.id,
        status,
        tookMs: Math.round(performance.now() - beganMs),
      })
    return status
  }

  async #request(): Promise<OrderRequest> {
    const { errand, lines, paymentToken } = this.wish
    const { products, soldOut } = this.shop.population
    const items = lines.map(({ product, quantity }) => ({ productId: products[product] as string, quantity }))
    if (errand === 'cart' && (await this.#fillCart(items))) return { paymentToken }
    return { items: errand === 'out-of-stock' ? [...items, { productId: soldOut, quantity: 1 }] : items, paymentToken }
  }

  /** With a token that may have been renewed. Asks once, at this customer's door. */
  get #client(): ShopClient {
    const { site } = this.shop
    const { token } = this.#customer
    return new ShopClient({ baseUrlOf: (service) => site.door(service, this.wish.door), token, maxMs: 0 })
  }

  async #fillCart(items: readonly { productId: string; quantity: number }[]): Promise<boolean> {
    const adding = items.map((body) => this.#client.call('cart-service', 'POST /cart/items', { body }))
    const added = await Promise.all(adding.map((answer) => answer.then(({ status }) => status, statusOf)))
    return added.every((status) => status === 200)
  }

  /** As the errand wants it: once, five times at once, with an impatient client, or with another body afterwards. */
  async #place(body: OrderRequest): Promise<PlacedOrder | undefined> {
    const { errand, afterMs } = this.wish
    if (errand === 'duplicate') {
      const each = await Promise.all(Array.from({ length: DUPLICATES }, () => this.#post(body)))
      return each.find((one) => one !== undefined)
    }
    if (errand !== 'abort') {
      const placed = await this.#post(body)
      if (placed && errand === 'reuse-key') await this.#post({ ...body, paymentToken: 'tok_chargeDeclined' })
      return placed
    }
    const placed = await this.#post(body, AbortSignal.timeout(afterMs))
    // half of those who hung up come back, and ask with the same key what became of it
    return placed ?? (this.wish.n % 2 === 0 ? this.#post(body) : undefined)
  }

  async #post(body: OrderRequest, impatience?: AbortSignal): Promise<PlacedOrder | undefined> {
    const { observations } = this.shop
    const { id: userId, token } = this.#customer
    const idempotencyKey = this.#key
    const beganMs = performance.now()
    try {
      const placed = await placeOrder({
        baseUrl: this.#orders,
        token,
        body,
        idempotencyKey,
        maxMs: PLACE_WITHIN_MS,
        signal: impatience ?? this.shop.signal,
      })
      const { id: orderId, isReplay, attempts } = placed
      const tookMs = Math.round(performance.now() - beganMs)
      observations.saw({ kind: 'accepted', idempotencyKey, userId, orderId, isReplay, attempts, tookMs })
      return placed
    } catch (error) {
      if (error instanceof Refused) observations.happened({ kind: 'refused', status: error.status, slug: error.slug })
      else if (error instanceof PlacementUnknown || impatience?.aborted || this.shop.signal.aborted)
        observations.happened({ kind: 'unknown', isAborted: impatience?.aborted ?? false })
      else throw error
      return undefined
    }
  }

  /** Once: a customer who gets no answer looks at the order instead. */
  async #cancel(orderId: string): Promise<void> {
    await pause(this.wish.afterMs)
    const request = { path: { id: orderId } }
    const cancelling = this.#client.call('order-service', 'POST /orders/{id}/cancel', request)
    const httpStatus = await cancelling.then(({ status }) => status, statusOf)
    this.shop.observations.happened({ kind: 'cancel', orderId, httpStatus })
  }

  async #poll(orderId: string): Promise<string | undefined> {
    if (this.wish.pollEveryMs > 0) return this.#pollByHand(orderId)
    const { token } = this.#customer
    try {
      const { order } = await pollOrder({
        baseUrl: this.#orders,
        token,
        orderId,
        maxMs: POLL_WITHIN_MS,
        signal: this.shop.signal,
        // half of them let the service hold the request
        ...(this.wish.n % 2 === 0 && { preferWaitS: 5 }),
      })
      this.#see(orderId, 200, order)
      return order.status
    } catch (error) {
      if (error instanceof Refused) this.#see(orderId, error.status)
      return undefined
    }
  }

  /** Every change that can be seen, in its sequence. */
  async #pollByHand(orderId: string): Promise<string | undefined> {
    const endsMs = performance.now() + POLL_WITHIN_MS
    let last = ''
    while (performance.now() < endsMs && !this.shop.signal.aborted) {
      const { status, view } = await this.#look(orderId)
      const seen = JSON.stringify([status, view?.status, view?.version])
      const isAnswer = status > 0 && status < 500
      if (isAnswer && seen !== last) this.#see(orderId, status, view)
      if (isAnswer) last = seen
      if (view && view.status !== 'pending') return view.status
      await pause(this.wish.pollEveryMs)
    }
    return undefined
  }

  #look(id: string): Promise<{ readonly status: number; readonly view?: View }> {
    return this.#client.call('order-service', 'GET /orders/{id}', { path: { id } }).then(
      ({ status, body }) => ({ status, view: body }),
      (error) => ({ status: statusOf(error) }),
    )
  }

  #see(orderId: string, httpStatus: number, view?: View): void {
    const { observations } = this.shop
    const userId = this.#customer.id
    const isView = httpStatus === 200 && view !== undefined
    const what = isView ? { status: view.status, version: view.version } : {}
    observations.saw({ kind: 'polled', userId, orderId, httpStatus, ...what })
    if (isView) observations.saw({ kind: 'answered', userId, body: view })
  }
}

type View = Pick<PolledOrder, 'id' | 'status' | 'version'>

/** Of a refusal; 0 where no answer came. */
function statusOf(error: unknown): number {
  if (error instanceof Refused) return error.status
  if (error instanceof NoAnswer) return 0
  throw error
}
