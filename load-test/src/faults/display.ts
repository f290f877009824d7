import type { Progress } from './load/load'

export interface Glance {
  readonly elapsedMs: number
  readonly totalMs: number
  readonly progress: Progress
  readonly orders: number
  readonly struck: number
  readonly faults: number
  readonly active: readonly string[]
}

const WIDTH = 24
const PLAIN_EVERY_MS = 10_000

const out = process.stdout

/** A bar and live counters on a terminal, a line now and then anywhere else. */
export class Display {
  #isShown = false
  #lastMs = 0

  say(line: string): void {
    this.#clear()
    out.write(`${line}\n`)
  }

  show(glance: Glance): void {
    if (out.isTTY) {
      this.#clear()
      out.write(`${bar(glance)} ${figures(glance)}`.slice(0, out.columns - 1))
      this.#isShown = true
    } else if (performance.now() - this.#lastMs > PLAIN_EVERY_MS) {
      this.#lastMs = performance.now()
      out.write(`${seconds(glance.elapsedMs)} ${figures(glance)}\n`)
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

export const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`.padStart(6)

function bar({ elapsedMs, totalMs }: Glance): string {
  const done = Math.min(WIDTH, Math.round((WIDTH * elapsedMs) / totalMs))
  return `${'█'.repeat(done)}${'░'.repeat(WIDTH - done)} ${seconds(elapsedMs)}`
}

function figures({ progress, orders, struck, faults, active }: Glance): string {
  const { begun, open, paid, cancelled } = progress
  const now = active.length > 0 ? `  now: ${active.join(', ')}` : ''
  return `${begun}/${orders} orders, ${open} open, ${paid} paid, ${cancelled} cancelled, ${struck}/${faults} faults${now}`
}
