/**
 * Equal values become one object with one number, so that a state is compared by a few numbers and a pure decision
 * about the same things is made once.
 */
export class Canon {
  readonly #byText = new Map<string, object>()
  readonly #numbers = new Map<object, number>()

  of<T extends object>(value: T, replacer?: (key: string, value: unknown) => unknown): T {
    const text = JSON.stringify(value, replacer)
    const known = this.#byText.get(text) ?? (JSON.parse(text) as object)
    this.#byText.set(text, known)
    if (!this.#numbers.has(known)) this.#numbers.set(known, this.#nextNumber())
    return known as T
  }

  /** Fits into one UTF-16 unit. */
  numberOf(value: object): number {
    const number = this.#numbers.get(value)
    if (number === undefined) throw new Error('only canonical values have a number')
    return number
  }

  /** The same values, in the one sequence that all callers agree on. */
  inOrder<T extends object>(values: readonly T[]): readonly T[] {
    return values.length > 1 ? values.toSorted((a, b) => this.numberOf(a) - this.numberOf(b)) : values
  }

  #nextNumber(): number {
    const { size } = this.#numbers
    if (size > 0xffff) throw new Error('more different values than numbers')
    return size
  }
}

/** Remembers what a function of two objects answered. */
export function remembered<A extends object, B extends object, R>(work: (a: A, b: B) => R): (a: A, b: B) => R {
  const known = new Map<A, Map<B, R>>()
  return (a, b) => {
    const ofA = known.get(a) ?? new Map<B, R>()
    known.set(a, ofA)
    const old = ofA.get(b)
    if (old !== undefined) return old
    const result = work(a, b)
    ofA.set(b, result)
    return result
  }
}
