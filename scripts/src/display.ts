const WIDTH = 24
const PLAIN_EVERY_MS = 10_000

const out = process.stdout

export interface Glance {
  readonly elapsedMs: number
  /** 0 … 1 */
  readonly done: number
  readonly figures: string
}

/** A bar and live figures on a terminal, a line now and then anywhere else. */
export class Display {
  #isShown = false
  #lastMs = performance.now()

  say(line: string): void {
    this.#clear()
    out.write(`${line}\n`)
  }

  show({ elapsedMs, done, figures }: Glance): void {
    if (out.isTTY) {
      this.#clear()
      out.write(`${bar(done)} ${seconds(elapsedMs)} ${figures}`.slice(0, out.columns - 1))
      this.#isShown = true
    } else if (performance.now() - this.#lastMs > PLAIN_EVERY_MS) {
      this.#lastMs = performance.now()
      out.write(`${seconds(elapsedMs)} ${figures}\n`)
    }
  }

  end(): void {
    this.#clear()
  }

  #clear(): void {
    if (this.#isShown) out.write('\r\u001b[2K')
    this.#isShown = false
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`.padStart(6)

function bar(done: number): string {
  const filled = Math.min(WIDTH, Math.round(WIDTH * done))
  return `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`
}
