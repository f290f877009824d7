import Type from 'typebox'
import { Id, OneOf, Text, UtcTime } from '../schemas'

const strict = { additionalProperties: false }
const Time = Type.Unsafe<Date>(UtcTime)
const nullable = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const tags = ['dead letters']
const notFound = { 404: ['not-found'] }
const settled = { ...notFound, 409: ['dead-letter-settled'] }

const ID = '019aa4d2-7c1e-7b3a-9d0f-0d6b1a6a2f11'
const EVENT = '019aa4d2-6b0a-7c44-8a51-5f0e4b5a9d0f'
const AT = '2026-11-20T09:30:00.000Z'

const summary = {
  id: Id,
  eventId: nullable(Id),
  type: nullable(Type.String()),
  reason: Type.String(),
  error: Type.String(),
  handler: nullable(Type.String()),
  attempts: Type.Integer(),
  firstFailedAt: Time,
  lastFailedAt: Time,
}

const summaryExample = {
  id: ID,
  eventId: EVENT,
  type: 'order.paid',
  reason: 'unsupported_version',
  error: 'dataschema urn:order-saga:event:order.paid:2',
  handler: null,
  attempts: 1,
  firstFailedAt: AT,
  lastFailedAt: AT,
}

const action = {
  id: Id,
  letterId: Id,
  action: OneOf('redrive', 'discard'),
  actor: Id,
  why: Type.String(),
  outcome: OneOf('parked', 'duplicate', 'refused', 'discarded'),
  actedAt: Time,
}
const Action = Type.Object(action)

export const LetterParams = Type.Object({ id: Id })

export const listLettersSchema = {
  tags,
  summary: 'What this service could not handle, newest first, and how much there is of every reason',
  querystring: Type.Object(
    {
      reason: Type.Optional({ ...Text(100), description: 'only with this reason' }),
      type: Type.Optional({ ...Text(200), description: 'only of this type' }),
      before: Type.Optional(Type.String({ ...Id, description: '`next` of the page before' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    },
    strict,
  ),
  response: {
    200: Type.Object(
      {
        reasons: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer(), oldestAt: Time })),
        items: Type.Array(Type.Object(summary)),
        next: nullable(Id),
      },
      {
        examples: [
          { reasons: [{ reason: 'unsupported_version', count: 1, oldestAt: AT }], items: [summaryExample], next: null },
        ],
      },
    ),
  },
}

export const backlogSchema = {
  tags,
  summary: 'What waits in this service: to be sent, to be tried again, or for a person, by reason and type',
  response: {
    200: Type.Object(
      {
        unsent: Type.Integer({ description: 'events not yet known to be published' }),
        oldestUnsentS: nullable(Type.Number()),
        parked: Type.Integer({ description: 'events that are tried again' }),
        oldestParkedAt: nullable(Time),
        deadLetters: Type.Array(
          Type.Object({
            reason: Type.String(),
            type: nullable(Type.String()),
            count: Type.Integer(),
            oldestAt: Time,
            newestAt: Time,
          }),
        ),
      },
      {
        examples: [
          {
            unsent: 0,
            oldestUnsentS: null,
            parked: 0,
            oldestParkedAt: null,
            deadLetters: [{ reason: 'unsupported_version', type: 'order.paid', count: 1, oldestAt: AT, newestAt: AT }],
          },
        ],
      },
    ),
  },
}

export const listActionsSchema = {
  tags,
  summary: 'What was done about dead letters of this service, by whom and why, newest first',
  querystring: Type.Object(
    {
      before: Type.Optional(Type.String({ ...Id, description: 'id of the last one of the page before' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    },
    strict,
  ),
  response: {
    200: Type.Object(
      { actions: Type.Array(Type.Object({ ...action, type: nullable(Type.String()), reason: Type.String() })) },
      { examples: [{ actions: [] }] },
    ),
  },
}

export const getLetterSchema = {
  tags,
  summary: 'A dead letter, and what was done about it so far',
  description: 'Personal and secret fields are masked, and so is whatever no contract knows.',
  params: LetterParams,
  response: {
    200: Type.Object(
      {
        ...summary,
        brokerUser: nullable(Type.String()),
        routingKey: nullable(Type.String()),
        contentType: nullable(Type.String()),
        content: Type.Unknown({ description: 'null: what came is no JSON' }),
        discardedAt: nullable(Time),
        actions: Type.Array(Action),
      },
      {
        examples: [
          {
            ...summaryExample,
            brokerUser: 'order-service',
            routingKey: 'order.paid',
            contentType: 'application/cloudevents+json',
            content: { id: EVENT, type: 'order.paid', data: '***' },
            discardedAt: null,
            actions: [],
          },
        ],
      },
    ),
  },
  refusals: notFound,
}

const why = Type.Object(
  { reason: Text(500) },
  { ...strict, description: 'kept with who and when', examples: [{ reason: 'handler fixed in 1.4.2' }] },
)

export const redriveLetterSchema = (ownRefusals: readonly string[]) => ({
  tags,
  summary: 'Try it again, in this service only',
  description:
    'The event is handled as if it had just come: `parked` means due now, `duplicate` that it was handled meanwhile. ' +
    'A message that could not be opened is opened again; 422 says why it still cannot. ' +
    'Of what was no event, such as a mail that was refused, `parked` means the same, with no events.',
  params: LetterParams,
  body: why,
  response: {
    200: Type.Object(
      { id: Id, outcome: OneOf('parked', 'duplicate'), events: Type.Integer() },
      { examples: [{ id: ID, outcome: 'parked', events: 1 }] },
    ),
  },
  refusals: { ...notFound, 409: ['dead-letter-settled', ...ownRefusals], 422: ['dead-letter-refused'] },
})

export const discardLetterSchema = {
  tags,
  summary: 'Give it up: it leaves the list, its row and the reason are kept',
  params: LetterParams,
  body: why,
  response: {
    200: Type.Object({ id: Id, outcome: OneOf('discarded') }, { examples: [{ id: ID, outcome: 'discarded' }] }),
  },
  refusals: settled,
}
