import { types } from 'node:util'
import type { Id } from '../schemas'
import { LINE_KINDS, type LineLevel } from './log-line'
import type { NewLine, TellLines } from './tell-lines'

const WARN = 40
const ERROR = 50
const KINDS = new Set<unknown>(LINE_KINDS)

/** Tells the journal of a line of the log. Whatever it was given, the log goes on. */
export function tellOf(journal: TellLines, bindings: object, args: readonly unknown[], number: number): void {
  try {
    const line = lineOf(bindings, args, number)
    if (line) journal.tell(line)
  } catch {
    // a getter that throws, or the like
  }
}

/** Nothing below a warning, nor of what the journal is told by its kind. */
function lineOf(bindings: object, args: readonly unknown[], number: number): NewLine | undefined {
  if (number < WARN) return undefined
  const [first, second] = args
  const isBare = typeof first === 'string'
  const given =
    isBare || typeof first !== 'object' || first === null ? {} : types.isNativeError(first) ? { err: first } : first
  const { service: _service, reqId, ...fields } = { ...bindings, ...given } as Record<string, unknown>
  if (KINDS.has(fields.kind)) return undefined
  const level: LineLevel = number < ERROR ? 'warn' : 'error'
  const message = String(isBare ? first : (second ?? errorOf(fields.err)?.message ?? ''))
  const kind = message.startsWith('alarm:') ? 'alarm' : null
  return { level, kind, message, fields: { ...fields, err: errorOf(fields.err) }, ...aboutOf(fields, reqId) }
}

function aboutOf(
  { orderId, event, eventId = event, traceId }: Record<string, unknown>,
  reqId: unknown,
): Partial<NewLine> {
  return { orderId: orderId as Id, eventId: eventId as Id, traceId: traceId as string, requestId: reqId as Id }
}

/** Without its stack, and without what PostgreSQL and TypeORM put beside the message. */
function errorOf(error: unknown) {
  if (!types.isNativeError(error)) return undefined
  return { type: error.name, message: error.message, ...('code' in error && { code: error.code }) }
}
