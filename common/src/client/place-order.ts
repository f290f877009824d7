import { newId } from '../ids'
import type { Api } from './api'
import { type Answer, type Ask, ask as askWithFetch, isPassing, pause } from './ask'
import { jittered, retryAfterMs, retryMs } from './delays'
import { PlacementUnknown, Refused } from './errors'

/** What is ordered. Without `items` it is the caller's cart. Prices are never sent: the shop knows them. */
export type OrderRequest = Api['order-service']['POST /orders']['body']

export interface PlaceOrderOptions {
  readonly baseUrl: string
  /** An access token, without `Bearer`. */
  readonly token: string
  readonly body: OrderRequest
  /** A UUIDv7 of its own unless given: give the one of an earlier call to ask what became of it. */
  readonly idempotencyKey?: string | undefined
  /** Limit of all attempts together. */
  readonly maxMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** How requests are made: with fetch unless given. */
  readonly ask?: Ask | undefined
}

export type AcceptedOrder = Api['order-service']['POST /orders']['answer']

export interface PlacedOrder extends AcceptedOrder {
  readonly idempotencyKey: string
  /** An earlier attempt had placed it already. */
  readonly isReplay: boolean
  readonly attempts: number
}

const ATTEMPT_MS = 10_000

/**
 * Orders once, however often it has to ask: every attempt carries the same Idempotency-Key, so a lost answer, a
 * dropped connection or a restart of the service never makes two orders. Resolves as soon as the order is accepted;
 * `pollOrder` tells how it ends.
 *
 * Throws `Refused` when the shop says no, `PlacementUnknown` when the time is up, and the reason of `signal`.
 */
export async function placeOrder(options: PlaceOrderOptions): Promise<PlacedOrder> {
  const { idempotencyKey = newId(), maxMs = 30_000, signal } = options
  const endsAtMs = performance.now() + maxMs
  for (let attempts = 1; ; attempts++) {
    signal?.throwIfAborted()
    const answer = await attempt(options, idempotencyKey, endsAtMs)
    if (answer?.status === 202) {
      const isReplay = answer.headers.get('idempotency-replayed') === 'true'
      return { ...(answer.body as AcceptedOrder), idempotencyKey, isReplay, attempts }
    }
    if (answer && !isPassing(answer) && !isInProgress(answer)) throw new Refused(answer)
    const delayMs = Math.max(jittered(retryMs(attempts)), retryAfterMs(answer?.headers))
    if (performance.now() + delayMs >= endsAtMs) throw new PlacementUnknown(idempotencyKey, attempts)
    await pause(delayMs, signal)
  }
}

function attempt(options: PlaceOrderOptions, key: string, endsAtMs: number): Promise<Answer | undefined> {
  const { baseUrl, token, body, signal, ask = askWithFetch } = options
  const timeoutMs = Math.max(Math.ceil(Math.min(ATTEMPT_MS, endsAtMs - performance.now())), 1)
  return ask({ url: `${baseUrl}/orders`, token, body, headers: { 'idempotency-key': key }, timeoutMs, signal })
}

/** An earlier attempt of ours is still being worked on. */
const isInProgress = (answer: Answer) => new Refused(answer).slug === 'idempotency-in-progress'
