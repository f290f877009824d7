/** However many ask for a key at once, the work is done once and all get its answer. */
export class SingleFlight<T> {
  readonly #running = new Map<string, Promise<T>>()

  run(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key)
    if (running) return running
    const started = work().finally(() => {
      if (this.#running.get(key) === started) this.#running.delete(key)
    })
    this.#running.set(key, started)
    return started
  }

  /** Whoever asks from now on does not join what is under way. */
  forget(key: string): void {
    this.#running.delete(key)
  }
}
