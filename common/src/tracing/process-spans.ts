import { type Envelope, processedUnder } from '../contracts/envelope'
import type { ServiceName } from '../contracts/services'
import { eventsQueue } from '../messaging/names'
import { type Message, messagingAttributes, spanNameOf } from './messaging-spans'
import { below, isSampled, type Traceparent } from './traceparent'
import { KIND, nowMs, type Tracing } from './tracing'

export interface Processed {
  /** changed, repeated, ignored, duplicate, parked, alarm or dead */
  readonly outcome: string
  readonly reason: string
  readonly handler: string
  /** How many events were in its transaction. */
  readonly batch: number
  readonly links?: readonly Traceparent[]
}

const WENT_WRONG = new Set(['parked', 'alarm', 'dead'])

/** What a service does with an event it hears: a span for each, below that of its publisher, however many share a batch. */
export class ProcessSpans {
  readonly #startMs = new WeakMap<Envelope, number>()

  constructor(
    private readonly tracing: Tracing,
    private readonly service: ServiceName,
  ) {}

  /** From now on whatever is told or stored because of them is below their spans. */
  begin(events: readonly Envelope[]): void {
    const startMs = nowMs()
    for (const event of events) {
      if (event.traceparent === undefined || !isSampled(event.traceparent)) continue
      processedUnder(event, below(event.traceparent))
      this.#startMs.set(event, startMs)
    }
  }

  end(event: Envelope, { outcome, reason, handler, batch, links = [] }: Processed): void {
    const context = processedUnder(event)
    const startMs = this.#startMs.get(event)
    if (context === undefined || startMs === undefined) return
    // once: an event is begun anew when it is tried anew
    this.#startMs.delete(event)
    const error = WENT_WRONG.has(outcome) ? reason : undefined
    const queue = eventsQueue(this.service)
    const particulars = { queue, step: handler, outcome, batch, reason: reason || undefined, error }
    const attributes = messagingAttributes(messageOf(event), 'process', particulars)
    const name = spanNameOf('process', event.type)
    const [parent, endMs] = [event.traceparent, nowMs()]
    this.tracing.record({ context, parent, name, kind: KIND.consumer, startMs, endMs, attributes, links, error })
  }

  /** One ack settles a whole batch: its span is below that of the batch's last event. */
  acked(events: readonly Envelope[]): void {
    const last = events.at(-1)
    const parent = last && processedUnder(last)
    if (!last || !parent) return
    const startMs = nowMs()
    const particulars = { queue: eventsQueue(this.service), count: events.length }
    const attributes = messagingAttributes(messageOf(last), 'ack', particulars)
    const name = spanNameOf('ack', last.type)
    this.tracing.record({
      context: below(parent),
      parent,
      name,
      kind: KIND.client,
      startMs,
      endMs: startMs,
      attributes,
    })
  }
}

const messageOf = ({ id, type, subject, correlationid }: Envelope): Message => ({
  id,
  type,
  subject,
  correlationId: correlationid,
})
