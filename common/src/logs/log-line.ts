import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { serviceNames } from '../contracts/services'
import { Id, OneOf, UtcTime } from '../schemas'

export const LEVELS = ['info', 'warn', 'error'] as const
export type LineLevel = (typeof LEVELS)[number]

/**
 * What happened to an event or a mail beside the saga, one word each. `recovered`: handled at last after it was parked;
 * `alarm`: what cannot happen while the protocol holds; `mail`: a mail was sent, put off or given up.
 */
export const LINE_KINDS = [
  'parked',
  'recovered',
  'dead',
  'duplicate',
  'redriven',
  'discarded',
  'alarm',
  'mail',
] as const
export type LineKind = (typeof LINE_KINDS)[number]

export const MAX_MESSAGE_CHARS = 500
export const MAX_FIELDS_BYTES = 4_096

/** One line of a service's log as it travels to the journal: `log.<service>.<level>` on `shop.logs`. */
export const LogLine = Type.Object({
  id: Id,
  at: UtcTime,
  service: OneOf(...serviceNames),
  level: OneOf(...LEVELS),
  kind: Type.Union([OneOf(...LINE_KINDS), Type.Null()]),
  message: Type.String({ maxLength: MAX_MESSAGE_CHARS }),
  orderId: Type.Union([Id, Type.Null()]),
  eventId: Type.Union([Id, Type.Null()]),
  traceId: Type.Union([Type.String({ pattern: '^[0-9a-f]{32}$' }), Type.Null()]),
  requestId: Type.Union([Id, Type.Null()]),
  /** Whatever else the line was given, covered: attempt, nextAttemptAt, type, reason, error and the like. */
  fields: Type.Record(Type.String(), Type.Unknown()),
})
export type LogLine = Static<typeof LogLine>

const validator = Compile(LogLine)
export const isLogLine = (value: unknown): value is LogLine => validator.Check(value)
