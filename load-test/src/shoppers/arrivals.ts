/**
 * Open loop: customers come at a constant rate, however slow the shop is and however late we are. Each is told when it
 * should have come, so that what a stall cost is measured and not left out.
 */
export class Arrivals {
  #next = 0

  constructor(
    private readonly ratePerS: number,
    private readonly beganMs: number,
  ) {}

  /** When the next one comes. */
  get nextMs(): number {
    return this.beganMs + (this.#next * 1_000) / this.ratePerS
  }

  /** Who has come since the last look: when each of them should have, on the clock of `beganMs`. */
  *due(nowMs: number): Generator<number> {
    for (let intendedMs = this.nextMs; intendedMs <= nowMs; intendedMs = this.nextMs) {
      this.#next++
      yield intendedMs
    }
  }
}
