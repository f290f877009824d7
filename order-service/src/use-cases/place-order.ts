import { Coalescer, classify, type Database, type Id, orderCreated, Problem, type Tx, tell } from '@order-saga/common'
import { findByKey, insertOrders, type NewOrder, type OrderLimits } from '../db/insert-orders'
import type { OrderRecord } from '../db/order-row'
import { createdData } from '../domain/order'

export interface Placed {
  readonly order: OrderRecord
  /** The same request was made before: this is its answer. */
  readonly isReplay: boolean
}

const MAX_SET = 200
// A set waits no longer than this for another instance that holds one of its keys …
const setPatience = { lockTimeoutMs: 250 }
// … then its orders go one by one, and only the one that really waits is told so.
const lonePatience = { lockTimeoutMs: 2_000 }

const inProgress = () =>
  new Problem(409, 'idempotency-in-progress', 'A request with this key is still being worked on.', {
    'Retry-After': '1',
  })

const tooManyOpen = () =>
  new Problem(409, 'too-many-open-orders', 'Too many of your orders are still open: wait until one of them has ended.')

const keyReused = () => new Problem(422, 'idempotency-key-reused', 'This key was used for another request.')

/**
 * Places orders. Concurrent requests are coalesced into one transaction: key, order and outbox row commit together,
 * so a crash leaves either an order or nothing. The answer is a fact about the order, never about the saga. Two orders
 * of one customer never share a transaction: the later sees that the earlier is open.
 */
export class PlaceOrder {
  readonly #coalescer: Coalescer<NewOrder, Placed | undefined>

  constructor(
    private readonly database: Database,
    private readonly limits: OrderLimits,
  ) {
    const keyOf = ({ customerId }: NewOrder) => customerId
    this.#coalescer = new Coalescer((orders) => this.#placeSet(orders), { maxSize: MAX_SET, keyOf })
  }

  /** Throws the problems `idempotency-key-reused`, `idempotency-in-progress` and `too-many-open-orders`. */
  async place(order: NewOrder): Promise<Placed> {
    const placed = await this.#coalescer.submit(order).catch((error) => {
      // after a lost connection the set may be committed: only the client's retry with its key may tell
      if (classify(error) === 'infrastructure') throw error
      return this.#placeAlone(order)
    })
    const known = placed ?? (await this.replay(order))
    if (!known) throw tooManyOpen()
    return known
  }

  /** The answer to an earlier request with the same key, if there was one. */
  async replay({ customerId, idempotencyKey, fingerprint }: NewOrder): Promise<Placed | undefined> {
    if (idempotencyKey === null) return undefined
    const known = await findByKey(this.database, customerId, idempotencyKey)
    if (!known) return undefined
    if (!known.fingerprint.equals(fingerprint)) throw keyReused()
    return { order: known.order, isReplay: true }
  }

  /** One answer per order; undefined where the key was taken, or where too many are open. */
  async #placeSet(orders: readonly NewOrder[]): Promise<(Placed | undefined)[]> {
    const sorted = [...orders].sort((a, b) => (a.customerId < b.customerId ? -1 : 1))
    const placed = await this.database.transaction((tx) => this.#insert(tx, sorted), setPatience)
    return orders.map(({ id }) => placed.get(id))
  }

  async #placeAlone(order: NewOrder): Promise<Placed | undefined> {
    try {
      const placed = await this.database.transaction((tx) => this.#insert(tx, [order]), lonePatience)
      return placed.get(order.id)
    } catch (error) {
      const isLockTimeout = error instanceof Error && 'code' in error && error.code === '55P03'
      throw isLockTimeout ? inProgress() : error
    }
  }

  async #insert(tx: Tx, orders: readonly NewOrder[]): Promise<Map<Id, Placed>> {
    const inserted = await insertOrders(tx, orders, this.limits)
    tx.concerns('placeOrder')
    for (const order of inserted) {
      const cause = { correlationId: order.correlationId, traceparent: order.traceparent ?? undefined }
      tx.tell(tell(orderCreated, createdData(order), order.createdEventId), cause)
    }
    return new Map(inserted.map((order) => [order.id, { order, isReplay: false }]))
  }
}
