import type { Id } from '@order-saga/common'
import type { Recorded } from './journey'

interface InTime {
  readonly time: number
  readonly depth: number
}

/** By time, but no event before its cause: the services' clocks need not agree. */
export function inCausalOrder(events: readonly Recorded[]): Recorded[] {
  const byId = new Map(events.map((event) => [event.id, event]))
  const places = new Map<Id, InTime>()
  const placeOf = (event: Recorded): InTime => {
    const known = places.get(event.id)
    if (known) return known
    const own = { time: event.occurredAt.getTime(), depth: 0 }
    // set before looking at the cause, so that a circle of causes ends here
    places.set(event.id, own)
    const cause = event.causationId ? byId.get(event.causationId) : undefined
    if (!cause) return own
    const { time, depth } = placeOf(cause)
    const place = { time: Math.max(own.time, time), depth: depth + 1 }
    places.set(event.id, place)
    return place
  }
  return [...events].sort((a, b) => {
    const [first, second] = [placeOf(a), placeOf(b)]
    return first.time - second.time || first.depth - second.depth || (a.id < b.id ? -1 : 1)
  })
}
