import type { Api } from './api'
import { type Answer, type Ask, ask as askWithFetch, isPassing, pause } from './ask'
import { capped, jittered, pollMs, retryAfterMs, retryMs } from './delays'
import { Refused } from './errors'

export interface PollOrderOptions {
  readonly baseUrl: string
  /** An access token, without `Bearer`. */
  readonly token: string
  readonly orderId: string
  /** How long to go on asking. */
  readonly maxMs: number
  /** Lets the service hold each request for up to this many seconds (`Prefer: wait`): fewer requests, sooner answers. */
  readonly preferWaitS?: number | undefined
  /** Before the first poll: the `pollAfterMs` of the accepted order. */
  readonly afterMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** How requests are made: with fetch unless given. */
  readonly ask?: Ask | undefined
}

/** An order as `GET /orders/{id}` shows it. */
export type PolledOrder = Api['order-service']['GET /orders/{id}']['answer']

export interface PollResult {
  /** Paid or cancelled. */
  readonly order: PolledOrder
  readonly polls: number
  /** Share of the polls that cost no body, 0 … 1. */
  readonly notModifiedShare: number
}

/** The time to ask was up. Says nothing about the order, which goes on and ends without us: poll again later. */
export class StillPending extends Error {
  constructor(
    readonly orderId: string,
    readonly polls: number,
    /** As last seen; undefined when no answer came at all. */
    readonly order: PolledOrder | undefined,
  ) {
    super(`order ${orderId} was still pending after ${polls} polls`)
    this.name = 'StillPending'
  }
}

// longer than the service answers when it is well; what it holds for us comes on top
const ANSWER_MS = 10_000

/**
 * Asks for an order until it is paid or cancelled. Unchanged answers cost no body (ETag), the pauses follow the
 * service's hints and grow to 5 s with jitter, and a service that is away or overloaded is asked again later.
 *
 * Throws `StillPending` when the time is up, `Refused` when there is no such order or the token is no good, and the
 * reason of `signal`.
 */
export async function pollOrder(options: PollOrderOptions): Promise<PollResult> {
  const poll = new Poll(options)
  await poll.pause(options.afterMs ?? 0)
  for (;;) {
    const order = await poll.ask()
    if (order && order.status !== 'pending')
      return { order, polls: poll.polls, notModifiedShare: poll.notModifiedShare }
    await poll.pause(poll.delayMs())
  }
}

class Poll {
  readonly #options: PollOrderOptions
  readonly #beganAtMs = performance.now()
  #answer: Answer | undefined
  #order: PolledOrder | undefined
  #etag: string | null = null
  #failures = 0
  #notModified = 0
  polls = 0

  constructor(options: PollOrderOptions) {
    this.#options = options
  }

  get notModifiedShare(): number {
    return this.#notModified / this.polls
  }

  get #leftMs(): number {
    return this.#beganAtMs + this.#options.maxMs - performance.now()
  }

  /** Answers the order as far as it is known. */
  async ask(): Promise<PolledOrder | undefined> {
    const { baseUrl, orderId, token, signal, ask = askWithFetch } = this.#options
    const waitS = this.#waitS()
    this.polls++
    const answer = await ask({
      url: `${baseUrl}/orders/${orderId}`,
      token,
      signal,
      headers: { ...(this.#etag && { 'if-none-match': this.#etag }), ...(waitS > 0 && { prefer: `wait=${waitS}` }) },
      timeoutMs: Math.ceil(Math.max(Math.min(waitS * 1000 + ANSWER_MS, this.#leftMs), 1)),
    })
    this.#answer = answer
    this.#failures = isPassing(answer) ? this.#failures + 1 : 0
    if (answer?.status === 304) this.#notModified++
    else if (answer?.status === 200) this.#see(answer)
    else if (answer && !isPassing(answer)) throw new Refused(answer)
    return this.#order
  }

  /** Until the next poll. */
  delayMs(): number {
    const { headers, status } = this.#answer ?? {}
    if (this.#failures > 0) return Math.max(jittered(retryMs(this.#failures)), retryAfterMs(headers))
    const waitedMs = performance.now() - this.#beganAtMs
    // held until the service let go: the wait was the pause
    if (headers?.has('preference-applied')) return jittered(pollMs(0))
    const hintMs = status === 200 ? this.#order?.pollAfterMs : undefined
    return jittered(capped(hintMs ?? pollMs(waitedMs)))
  }

  async pause(ms: number): Promise<void> {
    if (ms >= this.#leftMs) throw new StillPending(this.#options.orderId, this.polls, this.#order)
    await pause(ms, this.#options.signal)
  }

  #waitS(): number {
    return Math.min(this.#options.preferWaitS ?? 0, Math.floor(this.#leftMs / 1000))
  }

  #see({ headers, body }: Answer): void {
    this.#etag = headers.get('etag')
    this.#order = body as PolledOrder
  }
}
