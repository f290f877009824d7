import { CONTENT_TYPE } from '../contracts/envelope'
import { newId } from '../ids'
import type { OutgoingMessage } from '../messaging/bus'
import type { Id } from '../schemas'
import type { Telling } from '../tracing/publish-spans'
import type { OutgoingEvent } from './outgoing'

const MAX_EVENTS = 100
const MAX_BYTES = 256 * 1024

export interface Packet {
  readonly message: OutgoingMessage
  readonly ids: readonly Id[]
  /** Those of its events whose traces are recorded. */
  readonly tellings: readonly Telling[]
}

const NONE: readonly Telling[] = []

/**
 * Events of one type travel together: one AMQP message costs the broker and every consumer about the same
 * whether it holds one event or a hundred. A lone event stays a lone event.
 */
export function pack(events: readonly OutgoingEvent[]): Packet[] {
  const byType = new Map<string, OutgoingEvent[]>()
  for (const event of events) {
    const same = byType.get(event.type)
    if (same) same.push(event)
    else byType.set(event.type, [event])
  }
  return [...byType.values()].flatMap(split).map(toPacket)
}

function split(events: OutgoingEvent[]): OutgoingEvent[][] {
  const groups: OutgoingEvent[][] = []
  let group: OutgoingEvent[] = []
  let bytes = 0
  for (const event of events) {
    const size = Buffer.byteLength(event.json)
    if (group.length === MAX_EVENTS || (group.length > 0 && bytes + size > MAX_BYTES)) {
      groups.push(group)
      group = []
      bytes = 0
    }
    group.push(event)
    bytes += size
  }
  groups.push(group)
  return groups
}

function toPacket(events: OutgoingEvent[]): Packet {
  const [first] = events
  if (!first) throw new Error('a packet holds at least one event')
  const isLone = events.length === 1
  return {
    ids: events.map(({ id }) => id),
    tellings: events.some(({ telling }) => telling) ? events.flatMap(({ telling }) => telling ?? []) : NONE,
    message: {
      routingKey: first.type,
      contentType: isLone ? CONTENT_TYPE.lone : CONTENT_TYPE.batch,
      messageId: isLone ? first.id : newId(),
      body: Buffer.from(isLone ? first.json : `[${events.map(({ json }) => json).join(',')}]`),
    },
  }
}
