import type { Envelope } from '../contracts/envelope'
import type { Id } from '../schemas'
import type { LineKind, LineLevel } from './log-line'

/** What a line is about. */
export interface About {
  readonly orderId?: Id | null | undefined
  readonly eventId?: Id | null | undefined
  readonly traceId?: string | null | undefined
  readonly requestId?: Id | null | undefined
}

export interface NewLine extends About {
  readonly level: LineLevel
  readonly kind?: LineKind | null
  readonly message: string
  readonly fields?: object
}

/** Takes log lines for the journal: at best effort, at once, whatever becomes of them. Never throws. */
export interface TellLines {
  tell(line: NewLine): void
}

export const nobodyTold: TellLines = { tell: () => {} }

/** Which order, request and trace an event belongs to. */
export function aboutEvent({ id, data, correlationid, traceparent }: Envelope): About {
  const { orderId } = (data ?? {}) as { orderId?: Id }
  return { eventId: id, orderId, requestId: correlationid, traceId: traceIdOf(traceparent) }
}

export const traceIdOf = (traceparent: string | null | undefined): string | undefined => traceparent?.split('-')[1]

/** The same as a line of the service's own log has it, by the names that lines of requests have. */
export function fieldsOfEvent(event: Envelope): object {
  const { orderId, requestId: reqId, traceId } = aboutEvent(event)
  return { event: event.id, type: event.type, orderId, reqId, traceId }
}
