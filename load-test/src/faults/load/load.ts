import { setTimeout as pause } from 'node:timers/promises'
import { Arrivals } from '../../shoppers/arrivals'
import { type Shop, Shopper } from './shopper'
import { wishOf } from './wish'

export interface Progress {
  readonly begun: number
  readonly open: number
  readonly paid: number
  readonly cancelled: number
  /** Nobody knows, or not yet. */
  readonly unseen: number
}

export interface LoadOptions extends Shop {
  readonly seed: number
  /** At least. */
  readonly orders: number
  readonly ordersPerS: number
  /** Whether there is still something that customers should meet. */
  readonly isWanted: () => boolean
  /** Of a resumed run: so many have shopped before. */
  readonly first: number
}

const TICK_MS = 50
// enough to keep every service busy, and how long their orders take to get everywhere while databases are slow
const RUSH = { customers: 25, leadMs: 800 }

/** Open loop: customers come at their own pace, however slow the shop is. */
export class Load {
  readonly #options: LoadOptions
  readonly #running = new Set<Promise<void>>()
  readonly #ended: Record<string, number> = {}
  readonly #arrivals: Arrivals
  #next: number
  #timer: NodeJS.Timeout | undefined
  failure: unknown

  constructor(options: LoadOptions) {
    this.#options = options
    this.#arrivals = new Arrivals(options.ordersPerS, performance.now())
    this.#next = options.first
  }

  get progress(): Progress {
    const { paid = 0, cancelled = 0, unseen = 0 } = this.#ended
    return { begun: this.#next, open: this.#running.size, paid, cancelled, unseen }
  }

  get isOver(): boolean {
    return this.#next >= this.#options.orders && !this.#options.isWanted()
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
  }

  /** Nobody else comes in. */
  stop(): void {
    clearInterval(this.#timer)
  }

  /** Resolves when everybody who came in has left. */
  async whenLeft(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  /** A crowd comes in at once. */
  async rush(): Promise<void> {
    for (let n = 0; n < RUSH.customers; n++) this.#comeIn()
    await pause(RUSH.leadMs)
  }

  #tick(): void {
    for (const _ of this.#arrivals.due(performance.now())) {
      if (this.isOver) break
      this.#comeIn()
    }
    if (this.isOver) this.stop()
  }

  #comeIn(): void {
    const shopping = this.#shop(wishOf(this.#options.seed, this.#next++))
    this.#running.add(shopping)
    void shopping.then(() => this.#running.delete(shopping))
  }

  async #shop(wish: ReturnType<typeof wishOf>): Promise<void> {
    try {
      const status = (await new Shopper(this.#options, wish).run()) ?? 'unseen'
      this.#ended[status] = (this.#ended[status] ?? 0) + 1
    } catch (error) {
      this.failure ??= error
    }
  }
}
