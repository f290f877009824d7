import { Id, OneOf, UtcTime } from '@order-saga/common'
import Type from 'typebox'

const Time = Type.Unsafe<Date>(UtcTime)
const orNull = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const Status = OneOf('pending', 'paid', 'cancelled')
const Count = Type.Integer()
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 }))

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
  steps: Type.Array(Step),
})

export const OrderParams = Type.Object({ id: Id })

export const JourneyQuery = Type.Object({ limit }, { additionalProperties: false })

export const JourneyList = Type.Object({
  journeys: Type.Array(
    Type.Object({
      orderId: Id,
      status: Status,
      reason: orNull(Type.String()),
      placedAt: Time,
      endedAt: orNull(Time),
    }),
  ),
})

export const EventQuery = Type.Object(
  {
    limit,
    type: Type.Optional(Type.String({ maxLength: 100 })),
    orderId: Type.Optional(Id),
    before: Type.Optional(Id),
  },
  { additionalProperties: false },
)

export const EventList = Type.Object({
  events: Type.Array(
    Type.Object({
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
    }),
  ),
})

export const StatisticsQuery = Type.Object(
  { minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440, default: 60 })) },
  { additionalProperties: false },
)

export const StatisticsView = Type.Object({
  placed: Count,
  paid: Count,
  cancelled: Count,
  cancelledBy: Type.Record(Type.String(), Count),
  msToEnd: orNull(Type.Object({ p50: Type.Number(), p95: Type.Number(), p99: Type.Number() })),
})
