import type { ServiceName } from '@order-saga/common'
import { waitFor } from '../infra'
import { countEvents, countUnsent, markUnsent, onDatabase, type Window } from './window'

export interface Outbox {
  readonly service: ServiceName
  readonly url: string
}

export interface Counted {
  readonly service: ServiceName
  readonly events: number
}

// no event sent for so long: nobody sends
const MAX_STANDSTILL_MS = 60_000

const each = (outboxes: readonly Outbox[], work: (outbox: Outbox) => Promise<number>): Promise<Counted[]> =>
  Promise.all(outboxes.map(async (outbox) => ({ service: outbox.service, events: await work(outbox) })))

/** What a replay would send. */
export const countReplay = (outboxes: readonly Outbox[], window: Window): Promise<Counted[]> =>
  each(outboxes, ({ url }) => onDatabase(url, (client) => countEvents(client, window)))

/**
 * Has every service send the events of the window again. Whoever has handled them drops them by their ids, so it may be
 * done at any time and any number of times. Services that are down send them when they are up.
 */
export const replay = (outboxes: readonly Outbox[], window: Window): Promise<Counted[]> =>
  each(outboxes, ({ url }) => onDatabase(url, (client) => markUnsent(client, window)))

/** Resolves when all of it is sent; fails when for a minute nothing more is. */
export async function untilSent(
  outboxes: readonly Outbox[],
  window: Window,
  report: (unsent: Counted[]) => void,
  maxStandstillMs = MAX_STANDSTILL_MS,
): Promise<void> {
  let least = Number.POSITIVE_INFINITY
  let progressAtMs = performance.now()
  const isSent = async () => {
    const unsent = await each(outboxes, ({ url }) => onDatabase(url, (client) => countUnsent(client, window)))
    report(unsent)
    const total = unsent.reduce((sum, { events }) => sum + events, 0)
    if (total < least) progressAtMs = performance.now()
    least = Math.min(least, total)
    if (performance.now() - progressAtMs > maxStandstillMs) throw new Error(standstill(unsent))
    return total === 0
  }
  await waitFor(isSent, { timeoutMs: Number.MAX_SAFE_INTEGER, what: 'replay', everyMs: 200 })
}

function standstill(unsent: readonly Counted[]): string {
  const left = unsent.filter(({ events }) => events > 0).map(({ service, events }) => `${service} ${events}`)
  return `not sent, and nothing moves: ${left.join(', ')}; is the service up, and its /readyz?`
}
