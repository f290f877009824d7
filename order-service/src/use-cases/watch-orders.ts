import { Coalescer, type Database, type Id } from '@order-saga/common'
import { endedOf, readOrders } from '../db/order-repository'
import type { OrderRecord } from '../db/order-row'

const MAX_READ = 500
// commits of other instances do not wake us: what they ended is found within this time
const REREAD_MS = 250

/** Somebody who waits for the end of an order. */
export interface Listening {
  /**
   * Resolves when the order has ended since the listening began, or after `timeoutMs`, or when `signal` aborts. With the
   * order when a commit of this process has ended it; otherwise it has to be read.
   */
  wait(timeoutMs: number, signal: AbortSignal): Promise<OrderRecord | undefined>
  stop(): void
}

type Wake = (order?: OrderRecord) => void

/** Reads for the pollers: concurrent reads are one query, and a waiting reader is woken by the commit it waits for. */
export class WatchOrders {
  readonly #reads: Coalescer<Id, OrderRecord | undefined>
  readonly #waiting = new Map<Id, Set<Wake>>()
  #timer: NodeJS.Timeout | undefined
  #isReading = false
  #held = 0
  #isClosed = false

  constructor(private readonly database: Database) {
    this.#reads = new Coalescer((ids) => this.#readAll(ids), { maxSize: MAX_READ })
  }

  /** How many requests wait for the end of an order right now. */
  get held(): number {
    return this.#held
  }

  read(id: Id): Promise<OrderRecord | undefined> {
    return this.#reads.submit(id)
  }

  /** Begin to listen, then read: a commit in between is heard. */
  listen(id: Id): Listening {
    let wake: Wake = () => {}
    let known: OrderRecord | undefined
    const ended = new Promise<void>((resolve) => {
      wake = (order) => {
        known = order
        resolve()
      }
    })
    if (this.#isClosed) wake()
    else this.#add(id, wake)
    return {
      wait: async (timeoutMs, signal) => {
        this.#held++
        await firstOf(ended, timeoutMs, signal)
        this.#held--
        return known
      },
      stop: () => this.#remove(id, wake),
    }
  }

  /** Told by the commits of this process. */
  ended(orders: readonly OrderRecord[]): void {
    for (const order of orders) for (const wake of this.#waiting.get(order.id) ?? []) wake(order)
  }

  /** Lets everybody go: the service ends. */
  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
    this.#wakeAll([...this.#waiting.keys()])
  }

  #wakeAll(ids: readonly Id[]): void {
    for (const id of ids) for (const wake of this.#waiting.get(id) ?? []) wake()
  }

  #add(id: Id, wake: Wake): void {
    this.#timer ??= setInterval(() => void this.#reread(), REREAD_MS)
    this.#waiting.set(id, (this.#waiting.get(id) ?? new Set()).add(wake))
  }

  #remove(id: Id, wake: Wake): void {
    const wakes = this.#waiting.get(id)
    wakes?.delete(wake)
    if (wakes?.size === 0) this.#waiting.delete(id)
    if (this.#waiting.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** One query for everybody who waits. */
  async #reread(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      this.#wakeAll(await endedOf(this.database, [...this.#waiting.keys()]))
    } catch {
      // the database is away: whoever waits hears of it from the read that follows
    } finally {
      this.#isReading = false
    }
  }

  async #readAll(ids: readonly Id[]): Promise<(OrderRecord | undefined)[]> {
    const found = new Map((await readOrders(this.database, [...new Set(ids)])).map((order) => [order.id, order]))
    return ids.map((id) => found.get(id))
  }
}

/** Resolves with the first of the three. */
export function firstOf(ended: Promise<void>, timeoutMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs)
    const stop = () => {
      clearTimeout(timer)
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    void ended.then(stop)
  })
}
