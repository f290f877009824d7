import { setTimeout as pause } from 'node:timers/promises'
import {
  Coalescer,
  classify,
  type Database,
  failpoint,
  type Log,
  messageOf,
  newId,
  type TracedCall,
  type Tracing,
  tracedCall,
  traceIdOf,
} from '@order-saga/common'
import type { PaymentRepository } from '../db/payment-repository'
import { takeDueCalls } from '../db/provider-calls'
import type { ProviderAnswer } from '../domain'
import { askProvider } from '../provider/ask-provider'
import type { Call } from '../provider/call'
import { CIRCUIT_OPEN, type CircuitState } from '../provider/circuit'
import type { Provider } from '../provider/provider'
import { type Answered, recordAnswers } from '../use-cases/record-answers'
import type { ProviderMetrics } from './provider-metrics'

export const MAX_IN_FLIGHT = 64
const MAX_ANSWERS_AT_ONCE = 200
const MAX_CONTENTION_RETRIES = 5
const DATABASE_RETRY_MS = 200

export interface ProviderWorkerOptions {
  readonly database: Database
  readonly payments: PaymentRepository
  readonly provider: Provider
  /** Of the circuit breaker around the provider, if there is one. */
  readonly circuit?: { readonly state: CircuitState } | undefined
  readonly metrics: ProviderMetrics
  readonly log: Log
  readonly tracing?: Tracing | undefined
  /** How long a call taken is ours alone. */
  readonly leaseMs: number
}

// while the provider is away what is due waits in its rows; one call is enough to see whether it is back
const ROOM: Readonly<Record<CircuitState, number>> = { closed: MAX_IN_FLIGHT, half_open: 1, open: 0 }

interface Waiting {
  readonly call: Call
  readonly startBefore: number
}

/**
 * Calls the provider, outside of any transaction and many at once, and records what it answers. Forgetting a call is
 * always safe: its lease ends, and whoever sweeps next asks again under the same key.
 */
export class ProviderWorker {
  readonly #options: ProviderWorkerOptions
  readonly #answers: Coalescer<Answered, undefined>
  readonly #waiting: Waiting[] = []
  readonly #making = new Map<string, Promise<void>>()

  constructor(options: ProviderWorkerOptions) {
    this.#options = options
    this.#answers = new Coalescer((answers) => this.#record(answers), { maxSize: MAX_ANSWERS_AT_ONCE })
  }

  /** Calls that somebody's commit made necessary, and took for us. */
  take(calls: readonly Call[]): void {
    // one whose turn comes too late to end within its lease is left to the sweep
    const startBefore = performance.now() + this.#options.leaseMs / 2
    for (const call of calls) this.#waiting.push({ call, startBefore })
    this.#startNext()
  }

  /** Takes what nobody is calling about: what was put off, and what a dead process left. */
  async sweep(): Promise<void> {
    const { database, leaseMs, circuit } = this.#options
    const room = ROOM[circuit?.state ?? 'closed']
    const free = Math.min(MAX_IN_FLIGHT - this.#making.size - this.#waiting.length, room)
    if (free > 0) this.take(await database.transaction((tx) => takeDueCalls(tx, leaseMs, free)))
  }

  /** Waits until every call is answered and its answer recorded. */
  async drain(): Promise<void> {
    while (this.#making.size > 0) await Promise.all(this.#making.values())
  }

  #startNext(): void {
    while (this.#making.size < MAX_IN_FLIGHT) {
      const next = this.#waiting.shift()
      if (!next) break
      const { call, startBefore } = next
      // asking again may go on beside a first call that hangs: under one key both do one thing
      const name = call.isRepeated ? `${call.key} again` : call.key
      if (performance.now() > startBefore || this.#making.has(name)) continue
      const made = this.#make(call).finally(() => {
        this.#making.delete(name)
        this.#startNext()
      })
      this.#making.set(name, made)
    }
    this.#options.metrics.inFlight.set(this.#making.size)
  }

  async #make(call: Call): Promise<void> {
    const { provider, metrics, log, tracing } = this.#options
    const { orderId } = call.order
    let { traceparent } = call
    const about = { orderId, traceId: traceparent && traceIdOf(traceparent), call: call.kind }
    try {
      failpoint('provider.before_call', [call.kind])
      const answer = await tracedCall(tracing, traceparent, spanOf(call), (context) => {
        traceparent = context
        return askProvider(provider, { ...call, traceparent })
      })
      failpoint('provider.answered', [call.kind])
      const why = 'why' in answer ? answer.why : ''
      metrics.calls.inc({ call: call.kind, answer: answer.kind, why })
      // an outage is told once, not once for each order
      if ((answer.kind === 'unknown' && why !== CIRCUIT_OPEN) || answer.kind === 'forgotten')
        log.warn({ ...about, answer: answer.kind, why }, 'outcome of a provider call is unknown')
      await this.#submit({ orderId, call: call.kind, answer, traceparent })
    } catch (error) {
      log.error({ ...about, reason: messageOf(error) }, 'an answer is not recorded, we ask again')
    }
  }

  async #submit(answered: Answered): Promise<unknown> {
    for (;;) {
      try {
        return await this.#answers.submit(answered)
      } catch (error) {
        // what is wrong with one answer is no reason to lose the others of its set
        if (classify(error) !== 'infrastructure') return this.#record([answered])
        await pause(DATABASE_RETRY_MS)
      }
    }
  }

  async #record(answers: readonly Answered[]): Promise<undefined[]> {
    const { database, payments, metrics, log } = this.#options
    const odd = await retried(() => database.transaction((tx) => recordAnswers(tx, payments, answers, newId)))
    for (const { orderId, reason } of odd) {
      metrics.alarms.inc({ reason })
      log.error({ orderId, reason }, 'alarm: this cannot happen while the protocol holds')
    }
    return answers.map(() => undefined)
  }
}

const spanOf = ({ kind, order, isRepeated }: Call): TracedCall<ProviderAnswer> => ({
  name: `${kind} payment provider`,
  attributes: { 'shop.subject': order.orderId, 'shop.call.repeated': isRepeated },
  seen: (answer) => ({
    attributes: { 'shop.outcome': answer.kind },
    error: 'why' in answer ? answer.why : undefined,
  }),
})

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (classify(error) !== 'contention' || attempt > MAX_CONTENTION_RETRIES) throw error
    }
  }
}
