import type { Id, Traceparent } from '@order-saga/common'
import CircuitBreaker from 'opossum'
import type { ChargeAnswer, ChargeRequest, Finding, Provider, RefundAnswer, RefundRequest, Unknown } from './provider'

export const circuitStates = ['closed', 'half_open', 'open'] as const
export type CircuitState = (typeof circuitStates)[number]

/** Why a call is unknown that was not even made. */
export const CIRCUIT_OPEN = 'circuit_open'

export interface CircuitOptions {
  /** How long the provider is left alone before one call is tried. */
  readonly restMs?: number
  readonly onState?: (state: CircuitState) => void
}

const REST_MS = 2_000
// more than half of at least ten calls within ten seconds: a few orders that go wrong are no outage
const OUTAGE = { errorThresholdPercentage: 50, volumeThreshold: 10, rollingCountTimeout: 10_000 }

const notMade: Unknown = { kind: 'unknown', why: CIRCUIT_OPEN }

class Outage extends Error {}

/**
 * Leaves a provider that is away alone, instead of adding to its trouble. What is not asked is unknown, like what is not
 * answered: it is asked later, and never counts as failed. Only outages count, not what is wrong with one answer.
 */
export class Circuit implements Provider {
  readonly #breaker: CircuitBreaker<[() => Promise<void>], void>

  constructor(
    private readonly provider: Provider,
    { restMs = REST_MS, onState = () => {} }: CircuitOptions = {},
  ) {
    const options = { ...OUTAGE, resetTimeout: restMs, timeout: false, rollingPercentilesEnabled: false } as const
    this.#breaker = new CircuitBreaker((call) => call(), options)
    this.#breaker.on('open', () => onState('open'))
    this.#breaker.on('halfOpen', () => onState('half_open'))
    this.#breaker.on('close', () => onState('closed'))
  }

  get state(): CircuitState {
    if (this.#breaker.closed) return 'closed'
    return this.#breaker.halfOpen ? 'half_open' : 'open'
  }

  charge(request: ChargeRequest): Promise<ChargeAnswer> {
    return this.#through(() => this.provider.charge(request))
  }

  refund(request: RefundRequest): Promise<RefundAnswer> {
    return this.#through(() => this.provider.refund(request))
  }

  find(orderId: Id, traceparent?: Traceparent): Promise<Finding> {
    return this.#through(() => this.provider.find(orderId, traceparent))
  }

  close(): void {
    this.#breaker.shutdown()
  }

  async #through<A extends { kind: string }>(call: () => Promise<A>): Promise<A | Unknown> {
    let answer: A | Unknown = notMade
    try {
      await this.#breaker.fire(async () => {
        answer = await call()
        if (isOutage(answer)) throw new Outage()
      })
    } catch (error) {
      if (!(error instanceof Outage || CircuitBreaker.isOurError(error as Error))) throw error
    }
    return answer
  }
}

const isOutage = (answer: { kind: string; why?: string }): boolean =>
  answer.kind === 'unknown' && /^(timeout|network|http_429|http_5\d\d)$/.test(answer.why ?? '')
