import { setTimeout as pause } from 'node:timers/promises'

interface Waiting<T, R> {
  readonly input: T
  resolve(result: R): void
  reject(error: unknown): void
}

export interface CoalescerOptions<T> {
  readonly maxSize: number
  /** Nobody waits for the result: a set gathers for so long before it is worked on. */
  readonly gatherMs?: number
  /** Inputs of one key never enter the same set: the later waits for the earlier to be done. */
  readonly keyOf?: (input: T) => string | undefined
}

/**
 * Natural batching of concurrent calls: whatever arrives while one set is being worked on makes up the next. A lone
 * call is not delayed. `work` answers one result per input, in order; when it throws, every caller of that set hears it.
 */
export class Coalescer<T, R> {
  readonly #waiting: Waiting<T, R>[] = []
  #isBusy = false

  constructor(
    private readonly work: (inputs: readonly T[]) => Promise<readonly R[]>,
    private readonly options: CoalescerOptions<T>,
  ) {}

  get size(): number {
    return this.#waiting.length
  }

  submit(input: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject })
      if (!this.#isBusy) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isBusy = true
    // one turn of the event loop: requests of the same read belong together
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) {
      const { gatherMs, maxSize } = this.options
      if (gatherMs && this.#waiting.length < maxSize) await pause(gatherMs)
      const set = this.#take()
      try {
        const results = await this.work(set.map(({ input }) => input))
        for (const [index, { resolve }] of set.entries()) resolve(results[index] as R)
      } catch (error) {
        for (const { reject } of set) reject(error)
      }
    }
    this.#isBusy = false
  }

  #take(): Waiting<T, R>[] {
    const { keyOf, maxSize } = this.options
    if (!keyOf) return this.#waiting.splice(0, maxSize)
    const keys = new Set<string>()
    const set: Waiting<T, R>[] = []
    const later: Waiting<T, R>[] = []
    for (const waiting of this.#waiting.splice(0)) {
      const key = keyOf(waiting.input)
      if (set.length === maxSize || (key !== undefined && keys.has(key))) later.push(waiting)
      else set.push(waiting)
      if (key !== undefined) keys.add(key)
    }
    this.#waiting.push(...later)
    return set
  }
}
