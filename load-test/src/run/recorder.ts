import type { Measure, Step } from './measures'
import { measureNames } from './measures'
import { type Bin, TimingRecorder, type Timings } from './timings'

/** How many, by kind. */
export type Counts = Readonly<Record<string, number>>

/** The load at one moment. */
export interface Sample {
  readonly atMs: number
  readonly begun: number
  readonly inFlight: number
  readonly ended: number
}

class Tally {
  readonly #counts = new Map<string, number>()

  add(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
  }

  get counts(): Counts {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })))
  }
}

/** Everything customers met, counted and timed while it happens. */
export class Recorder {
  readonly #timings = new Map<Measure, TimingRecorder>()
  readonly #answers = new Tally()
  readonly #outcomes = new Tally()
  readonly #pollsPerOrder = new Tally()
  readonly samples: Sample[] = []
  requests = 0
  /** No answer, 429 or 5xx: what may be different a moment later. */
  failures = 0
  /** Of these with 429 or 503 that did not say when to come again. */
  unhinted = 0
  begun = 0
  /** The shop has said how it ended. */
  ended = 0
  left = 0
  polls = 0
  unchangedPolls = 0

  time(measure: Measure, ms: number): void {
    this.#of(measure).record(ms)
  }

  /** One request was answered, with 0 when it was not. Only what succeeded is timed: a refusal is quick. */
  answered(step: Step, status: number, ms: number, hasHint = false): void {
    this.requests++
    const isSuccess = status > 0 && (status < 400 || (step === 'cancel' && status === 409))
    if (isSuccess) this.time(step, ms)
    else this.#refused(step, status)
    if ((status === 429 || status === 503) && !hasHint) this.unhinted++
  }

  #refused(step: Step, status: number): void {
    if (status === 0 || status === 429 || status >= 500) this.failures++
    this.#answers.add(`${step}: ${status === 0 ? 'no answer' : status}`)
  }

  outcome(what: string): void {
    this.#outcomes.add(what)
  }

  polled(polls: number, unchanged: number): void {
    this.#pollsPerOrder.add(String(polls))
    this.polls += polls
    this.unchangedPolls += unchanged
  }

  sample(atMs: number): void {
    this.samples.push({ atMs, begun: this.begun, inFlight: this.inFlight, ended: this.ended })
  }

  get inFlight(): number {
    return this.begun - this.left
  }

  get timings(): Partial<Record<Measure, Timings>> {
    const known = measureNames.filter((name) => this.#timings.has(name))
    return Object.fromEntries(known.map((name) => [name, this.#of(name).timings]))
  }

  /** Of the times until customers knew. */
  get terminalBins(): Bin[] {
    return this.#of('terminal').bins
  }

  /** By status and reason. */
  get outcomes(): Counts {
    return this.#outcomes.counts
  }

  /** Requests that did not succeed, by step and status. */
  get refusals(): Counts {
    return this.#answers.counts
  }

  get pollsPerOrder(): Counts {
    return this.#pollsPerOrder.counts
  }

  #of(measure: Measure): TimingRecorder {
    const known = this.#timings.get(measure) ?? new TimingRecorder()
    this.#timings.set(measure, known)
    return known
  }
}
