import { CancelReason, Id, LEVELS, LINE_KINDS, OneOf, serviceNames, Text, UtcTime } from '@order-saga/common'
import Type from 'typebox'
import { OUTCOMES } from '../domain/troubles'

const strict = { additionalProperties: false }
const Time = Type.Unsafe<Date>(UtcTime)
const orNull = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const Status = OneOf('pending', 'paid', 'cancelled')
const Service = OneOf(...serviceNames)
const Count = Type.Integer()
const TraceId = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'as in a traceparent' })
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 }))
const after = Type.Optional({ ...Id, description: '`next` of the page before' })
const page = { limit, after }
const next = orNull(Id)
const period = { since: Type.Optional(UtcTime), until: Type.Optional(UtcTime) }

const mention = { event: Id, type: Type.String(), service: Type.String() }

const Step = Type.Object({
  at: Time,
  ...mention,
  summary: Type.String(),
  reason: orNull(Type.String()),
  causedBy: orNull(Type.Object(mention)),
  answeredBy: Type.Array(Type.Object(mention)),
  reactedToBy: Type.Array(
    Type.Object({ service: Type.String(), step: Type.String(), compensates: Type.Optional(Type.String()) }),
  ),
  repeats: orNull(Id),
  compensates: orNull(Type.String()),
  sincePreviousMs: Count,
})

const Attempt = Type.Object({
  at: Time,
  service: Type.String(),
  event: Id,
  type: orNull(Type.String()),
  outcome: OneOf(...OUTCOMES),
  attempt: orNull(Count),
  nextAttemptAt: orNull(Type.String()),
  reason: orNull(Type.String()),
  error: orNull(Type.String({ description: 'for administrators only' })),
})

export const JourneyView = Type.Object({
  orderId: Id,
  status: Status,
  reason: orNull(Type.String()),
  placedAt: orNull(Time),
  endedAt: orNull(Time),
  durationMs: orNull(Count),
  deadlineAt: orNull(UtcTime),
  remainingMs: orNull(Count),
  expectedNext: orNull(Type.String()),
  waitsFor: orNull(Type.Object({ service: Type.String(), reactsTo: orNull(Type.String()), sinceMs: Count })),
  stuck: orNull(Type.String({ description: 'why it does not go on, in one sentence' })),
  steps: Type.Array(Step),
  lanes: Type.Array(Type.String()),
  attempts: Type.Array(Attempt),
  duplicatesIgnored: Count,
  duplicates: Type.Array(Type.Object({ service: Type.String(), type: Type.String(), count: Count })),
  parked: Type.Array(Attempt),
  deadLetter: orNull(Attempt),
  mails: Type.Array(Type.Object({ at: Time, kind: Type.String(), channel: Type.String(), state: Type.String() })),
  money: Type.Array(
    Type.Object({ at: Time, kind: OneOf('captured', 'refunded'), amountMinor: Count, currency: Type.String() }),
  ),
  traceId: orNull(Type.String()),
  mermaid: Type.String({ description: 'the same as a picture, to paste into a ticket' }),
})

export const OrderParams = Type.Object({ id: Id })

export const JourneyQuery = Type.Object(
  {
    ...page,
    status: Type.Optional(Status),
    reason: Type.Optional(CancelReason),
    customerId: Type.Optional(Id),
    olderThanS: Type.Optional(Type.Integer({ minimum: 0, maximum: 7_776_000, description: 'placed longer ago' })),
    stuck: Type.Optional(OneOf('true')),
    q: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f-]{1,36}$', description: 'an order’s id, or its beginning' })),
  },
  strict,
)

const JourneyItem = Type.Object({
  orderId: Id,
  customerId: orNull(Id),
  status: Status,
  reason: orNull(Type.String()),
  placedAt: orNull(Time),
  endedAt: orNull(Time),
  ageMs: orNull(Count),
  totalMinor: orNull(Count),
  currency: orNull(Type.String()),
  isStuck: Type.Boolean(),
  waitsFor: orNull(Type.String()),
})

export const JourneyList = Type.Object({ journeys: Type.Array(JourneyItem), next })

export const EventQuery = Type.Object(
  {
    ...page,
    ...period,
    type: Type.Optional(Text(100)),
    service: Type.Optional(Service),
    orderId: Type.Optional(Id),
    traceId: Type.Optional(TraceId),
    requestId: Type.Optional(Id),
  },
  strict,
)

export const EventParams = Type.Object({ id: Id })

export const EventView = Type.Object({
  id: Id,
  type: Type.String(),
  source: Type.String(),
  subject: Type.String(),
  orderId: orNull(Id),
  occurredAt: Time,
  recordedAt: Time,
  correlationId: Id,
  causationId: orNull(Id),
  repeats: orNull(Id),
  traceparent: orNull(Type.String()),
  data: Type.Unknown({ description: 'personal and secret fields masked' }),
})

export const EventList = Type.Object({ events: Type.Array(EventView), next })

export const LineQuery = Type.Object(
  {
    ...page,
    ...period,
    service: Type.Optional(Service),
    level: Type.Optional(OneOf(...LEVELS)),
    kind: Type.Optional(OneOf(...LINE_KINDS)),
    orderId: Type.Optional(Id),
    eventId: Type.Optional(Id),
    traceId: Type.Optional(TraceId),
    requestId: Type.Optional(Id),
    q: Type.Optional({ ...Text(100), description: 'words that it says; in upper or lower case' }),
  },
  strict,
)

export const LineList = Type.Object({
  lines: Type.Array(
    Type.Object({
      id: Id,
      at: Time,
      service: Type.String(),
      level: Type.String(),
      kind: orNull(Type.String()),
      message: Type.String(),
      orderId: orNull(Id),
      traceId: orNull(Type.String()),
      requestId: orNull(Id),
      eventId: orNull(Id),
      fields: Type.Unknown({ description: 'without secrets and addresses' }),
    }),
  ),
  next,
})

export const StreamHeaders = Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 100 })) })

export const StatisticsQuery = Type.Object(
  { minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440, default: 60, description: 'how far back' })) },
  strict,
)

const Rate = orNull(Type.Number({ minimum: 0, maximum: 1 }))
const Ms = orNull(Type.Number())

export const StatisticsView = Type.Object({
  placed: Count,
  paid: Count,
  cancelled: Count,
  cancelledBy: Type.Record(Type.String(), Count),
  msToEnd: orNull(Type.Object({ p50: Type.Number(), p95: Type.Number(), p99: Type.Number() })),
  ordersPerS: Type.Number(),
  successRate: Rate,
  averageOrderValueMinor: orNull(Count),
  paymentSuccessRate: Rate,
  byMinute: Type.Array(
    Type.Object({ at: UtcTime, placed: Count, paid: Count, cancelled: Count, p50Ms: Ms, p95Ms: Ms, p99Ms: Ms }),
  ),
})
