/** What goes wrong with the next requests to a fake of the outside world: a mode, for so many of them. */
export class Faults<Mode extends string> {
  #mode: Mode | 'ok' = 'ok'
  #left = 0

  set(mode: Mode | 'ok', count = Number.POSITIVE_INFINITY): void {
    this.#mode = mode
    this.#left = mode === 'ok' ? 0 : count
  }

  next(): Mode | 'ok' {
    if (this.#left <= 0) return 'ok'
    this.#left -= 1
    return this.#mode
  }
}
