import type { ServiceName } from '../contracts/services'
import { isId, newId } from '../ids'
import { coverFields, coverText } from './cover'
import { type LogLine, MAX_FIELDS_BYTES, MAX_MESSAGE_CHARS } from './log-line'
import type { NewLine } from './tell-lines'

const idOrNull = (value: unknown) => (isId(value) ? value : null)

/** The line as it may leave the service: covered, bounded, with an id of its own. */
export function toLogLine(service: ServiceName, line: NewLine): LogLine {
  const { level, kind = null, message, orderId, eventId, traceId, requestId, fields = {} } = line
  return {
    id: newId(),
    at: new Date().toISOString(),
    service,
    level,
    kind,
    message: coverText(message, MAX_MESSAGE_CHARS),
    orderId: idOrNull(orderId),
    eventId: idOrNull(eventId),
    traceId: traceId && /^[0-9a-f]{32}$/.test(traceId) ? traceId : null,
    requestId: idOrNull(requestId),
    fields: bounded(coverFields(fields)),
  }
}

function bounded(fields: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(fields)
  return text.length <= MAX_FIELDS_BYTES ? fields : { cut: coverText(text, MAX_FIELDS_BYTES / 2) }
}
