import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '@order-saga/common'
import {
  type OrderRequest,
  type PlacedOrder,
  PlacementUnknown,
  placeOrder,
  pollOrder,
  Refused,
} from '@order-saga/common/client'
import type { Customer } from '../../shoppers/accounts'
import { ask } from '../../shoppers/ask'
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

  async #fillCart(items: readonly { productId: string; quantity: number }[]): Promise<boolean> {
    const { token } = this.#customer
    const cart = this.shop.site.door('cart-service', this.wish.door)
    const added = await Promise.all(items.map((body) => ask(`${cart}/cart/items`, { token, body })))
    return added.every((answer) => answer?.status === 200)
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
    const { token } = this.#customer
    const answer = await ask(`${this.#orders}/orders/${orderId}/cancel`, { method: 'POST', token })
    this.shop.observations.happened({ kind: 'cancel', orderId, httpStatus: answer?.status ?? 0 })
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
    const { token } = this.#customer
    const endsMs = performance.now() + POLL_WITHIN_MS
    let last = ''
    while (performance.now() < endsMs && !this.shop.signal.aborted) {
      const answer = await ask<View>(`${this.#orders}/orders/${orderId}`, { token })
      const seen = JSON.stringify([answer?.status, answer?.body?.status, answer?.body?.version])
      if (answer && answer.status < 500 && seen !== last) this.#see(orderId, answer.status, answer.body)
      last = answer && answer.status < 500 ? seen : last
      if (answer?.status === 200 && answer.body.status !== 'pending') return answer.body.status
      await pause(this.wish.pollEveryMs)
    }
    return undefined
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

interface View {
  readonly id: string
  readonly status: string
  readonly version: number
}
