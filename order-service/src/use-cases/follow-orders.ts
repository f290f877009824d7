import { type Id, Problem, type Queryable, unavailable } from '@order-saga/common'
import { changedOf } from '../db/order-repository'
import type { OrderRecord } from '../db/order-row'
import { firstOf, type WatchOrders } from './watch-orders'

export interface StreamLimits {
  readonly perCustomer: number
  /** Of this process. */
  readonly inAll: number
  /** Proxies hang up on what is silent for longer. */
  readonly heartbeatMs: number
  /** Whoever then comes again shows a token that still holds. */
  readonly maxAgeMs: number
}

const defaultLimits: StreamLimits = { perCustomer: 5, inAll: 1_000, heartbeatMs: 15_000, maxAgeMs: 60_000 }

// commits of other instances do not wake us: what they changed is found within this time
const REREAD_MS = 500

/** Somebody who hears of every change of an order. */
export interface Following {
  /** The order, whenever it has changed, and undefined now and then when it has not. Ends with the order, or sooner. */
  news(hungUp: AbortSignal): AsyncGenerator<OrderRecord | undefined>
  /** Forgets who followed. */
  stop(): void
}

interface Follower {
  readonly id: Id
  readonly customerId: Id
  /** Version last told. */
  seen: number
  wake: () => void
}

/** Tells customers what becomes of an order, as it happens. */
export class FollowOrders {
  readonly #followers = new Set<Follower>()
  readonly #limits: StreamLimits
  #timer: NodeJS.Timeout | undefined
  #isReading = false
  #isClosed = false

  constructor(
    private readonly database: Queryable,
    private readonly watch: Pick<WatchOrders, 'read'>,
    limits: Partial<StreamLimits> = {},
  ) {
    this.#limits = { ...defaultLimits, ...limits }
  }

  /** How many are followed right now. */
  get open(): number {
    return this.#followers.size
  }

  /** From the version after `seen` on. Throws the problems `too-many-streams` and `streams-exhausted`. */
  follow(id: Id, customerId: Id, seen: number): Following {
    this.#refuseTooMany(customerId)
    const follower: Follower = { id, customerId, seen, wake: () => {} }
    this.#followers.add(follower)
    this.#timer ??= setInterval(() => void this.#reread(), REREAD_MS)
    return { news: (hungUp) => this.#news(follower, hungUp), stop: () => this.#remove(follower) }
  }

  /** Told by the commits of this process. */
  changed(ids: readonly Id[]): void {
    if (this.#followers.size === 0) return
    const isChanged = new Set(ids)
    for (const { id, wake } of this.#followers) if (isChanged.has(id)) wake()
  }

  /** Lets everybody go: the service ends. */
  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
    for (const { wake } of this.#followers) wake()
  }

  async *#news(follower: Follower, hungUp: AbortSignal): AsyncGenerator<OrderRecord | undefined> {
    const endsAtMs = performance.now() + this.#limits.maxAgeMs
    for (;;) {
      // before the read: a commit in between is heard
      const news = new Promise<void>((resolve) => {
        follower.wake = resolve
      })
      // while the database is away there is nothing to tell
      const order = await this.watch.read(follower.id).catch(() => undefined)
      const isNew = order !== undefined && order.version > follower.seen
      if (isNew) follower.seen = order.version
      yield isNew ? order : undefined
      const leftMs = endsAtMs - performance.now()
      if ((order && order.status !== 'pending') || this.#isClosed || hungUp.aborted || leftMs <= 0) return
      await firstOf(news, Math.min(this.#limits.heartbeatMs, leftMs), hungUp)
    }
  }

  #refuseTooMany(customerId: Id): void {
    if (this.#isClosed || this.#followers.size >= this.#limits.inAll)
      throw unavailable('streams-exhausted', 'Nobody else can be told as it happens: poll the order.')
    const own = [...this.#followers].filter((follower) => follower.customerId === customerId)
    if (own.length >= this.#limits.perCustomer)
      throw new Problem(429, 'too-many-streams', 'You are told of too many orders already: poll this one.', {
        'Retry-After': '1',
      })
  }

  #remove(follower: Follower): void {
    this.#followers.delete(follower)
    follower.wake()
    if (this.#followers.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** One query for everybody. */
  async #reread(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      const seen = new Map<Id, number>()
      for (const { id, seen: version } of this.#followers) seen.set(id, Math.min(version, seen.get(id) ?? version))
      this.changed(await changedOf(this.database, seen))
    } catch {
      // the database is away: asked again in a moment
    } finally {
      this.#isReading = false
    }
  }
}
