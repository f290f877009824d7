/** Lets at most `max` run at a time; the others wait in line. */
export class Limit {
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(private readonly max: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.max) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running++
    try {
      return await work()
    } finally {
      // the place goes to the next in line without becoming free in between
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}
