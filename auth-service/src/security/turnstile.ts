import { unavailable } from '@order-saga/common'

/** Lets few in at once and few wait; everybody else is told at once to come back, instead of piling up. */
export class Turnstile {
  #inside = 0
  readonly #waiting: (() => void)[] = []

  constructor(
    private readonly maxInside: number,
    private readonly maxWaiting: number,
  ) {}

  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter()
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  async #enter(): Promise<void> {
    if (this.#inside < this.maxInside) {
      this.#inside += 1
      return
    }
    if (this.#waiting.length >= this.maxWaiting) throw unavailable('busy', 'Too many passwords are being checked.')
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** The place goes straight to who waits longest, so that nobody slips in between. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#inside -= 1
  }
}
