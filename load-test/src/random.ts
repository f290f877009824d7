const { imul } = Math

/** A small seeded generator (mulberry32): the same seed is the same run, on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** The n-th of a seed's own generators. Neighbouring seeds of this generator have nothing in common. */
  static of(seed: number, n: number): Random {
    return new Random(imul(seed, 0x9e3779b1) ^ (n * 0x85ebca6b))
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((((mixed ^ (mixed >>> 14)) >>> 0) * limit) / 4294967296) | 0
  }

  isOneIn(count: number): boolean {
    return count > 0 && this.below(count) === 0
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  oneOf<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  /** The same items in another sequence. */
  shuffled<T>(items: readonly T[]): T[] {
    const rest = [...items]
    return items.map(() => rest.splice(this.below(rest.length), 1)[0] as T)
  }
}
