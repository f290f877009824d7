import { setTimeout as pause } from 'node:timers/promises'
import { type Fault, faultOf, type Scene, type Strike } from './catalogue'
import type { Appointment } from './schedule'

/** A fault that has happened. */
export interface Happened {
  readonly n: number
  readonly kind: string
  readonly target: string
  /** Since the first order. */
  readonly atMs: number
  readonly healedMs: number
  readonly at: string
  readonly healedAt: string
  readonly hasStruck: boolean
  /** Why it did not. */
  readonly trouble?: string
}

export interface ChaosOptions {
  readonly scene: Scene
  readonly appointments: readonly Appointment[]
  /** Since the first order. */
  readonly nowMs: () => number
  /** Brings a crowd of customers in; resolves when their orders are on their way, with how to make things calm again. */
  readonly rush: () => Promise<() => void>
  readonly onHappened: (fault: Happened) => void
  /** The catalogue unless told otherwise. */
  readonly faultOf?: (kind: string) => Fault
  /** How long a fault that met nothing waits before it is tried again. */
  readonly restMs?: number
}

const MAX_ACTIVE = 2
const TICK_MS = 50
// a fault that met nothing is tried again so often …
const MAX_TRIES = 3
// … when the one that had left it nothing to meet, a database out of reach, say, is over
const REST_MS = 8_000

/** Strikes what is due: at most two faults at once, and never two that hit the same. */
export class Chaos {
  readonly #options: ChaosOptions & { readonly faultOf: (kind: string) => Fault; readonly restMs: number }
  readonly #waiting: (Appointment & { readonly tries: number })[]
  readonly #active = new Map<string, Promise<void>>()
  failure: unknown
  isStopped = false

  constructor(options: ChaosOptions) {
    this.#options = { faultOf, restMs: REST_MS, ...options }
    this.#waiting = options.appointments.map((appointment) => ({ ...appointment, tries: 1 }))
  }

  get active(): string[] {
    return [...this.#active.keys()]
  }

  get isOver(): boolean {
    return this.#waiting.length === 0 && this.#active.size === 0
  }

  get left(): number {
    return this.#waiting.length
  }

  /** Resolves when every fault has struck and healed. */
  async run(): Promise<void> {
    while (!this.isStopped && this.failure === undefined && (this.#waiting.length > 0 || this.#active.size > 0)) {
      this.#strikeNext()
      await pause(TICK_MS)
    }
    await Promise.all(this.#active.values())
    if (this.failure !== undefined) throw this.failure
  }

  #strikeNext(): void {
    if (this.#active.size >= MAX_ACTIVE) return
    const nowMs = this.#options.nowMs()
    const index = this.#waiting.findIndex(
      ({ atMs, kind, target }) => atMs <= nowMs && !this.#active.has(this.#hits(kind, target)),
    )
    if (index < 0) return
    const [next] = this.#waiting.splice(index, 1)
    if (!next) return
    const what = this.#hits(next.kind, next.target)
    const happening = this.#happen(next).catch((error) => {
      this.failure ??= error
    })
    this.#active.set(what, happening)
    void happening.then(() => this.#active.delete(what))
  }

  #hits(kind: string, target: string): string {
    return this.#options.faultOf(kind).hits(target)
  }

  async #happen(appointment: Appointment & { readonly tries: number }): Promise<void> {
    const { n, kind, target, tries } = appointment
    const { scene, nowMs, rush, onHappened, faultOf, restMs } = this.#options
    const fault = faultOf(kind)
    const calm = fault.isInRush ? await rush() : undefined
    const atMs = nowMs()
    const at = new Date().toISOString()
    const { strike, trouble } = await attempt(() => fault.strike(scene, target)).finally(calm)
    await pause(strike ? appointment.lastsMs : 0)
    await strike?.heal()
    const hasStruck = (await strike?.hasStruck()) ?? false
    const healed = { healedMs: nowMs(), healedAt: new Date().toISOString() }
    onHappened({ n, kind, target, atMs, at, ...healed, hasStruck, ...(trouble && { trouble }) })
    if (!hasStruck && tries < MAX_TRIES)
      this.#waiting.push({ ...appointment, atMs: nowMs() + restMs, tries: tries + 1 })
  }
}

/** The shop may be too broken already for a further fault. */
async function attempt(strike: () => Promise<Strike>): Promise<{ strike?: Strike; trouble?: string }> {
  try {
    return { strike: await strike() }
  } catch (error) {
    return { trouble: error instanceof Error ? error.message : String(error) }
  }
}
