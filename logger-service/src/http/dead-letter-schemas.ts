import { Id, OneOf, serviceNames, Text, UtcTime } from '@order-saga/common'
import Type from 'typebox'

const tags = ['dead letters']
const strict = { additionalProperties: false }
const nullable = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const Count = Type.Integer()
// and what that service refuses with, in its own words
const refusals = { 503: ['service-unreachable'] }
const Service = OneOf(...serviceNames)
const Unreachable = Type.Array(Service, { description: 'services that did not answer: what they hold is not shown' })

const page = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  after: Type.Optional(Type.String({ ...Id, description: '`next` of the page before' })),
}
const kind = {
  reason: Type.Optional({ ...Text(100), description: 'only with this reason' }),
  type: Type.Optional({ ...Text(200), description: 'only of this type' }),
}
const OfService = Type.Object({ service: Service })

export const groupsSchema = {
  tags,
  summary: 'What services could not handle, by service, reason and event type',
  response: {
    200: Type.Object({
      groups: Type.Array(
        Type.Object({
          service: Service,
          reason: Type.String(),
          type: nullable(Type.String()),
          count: Count,
          oldestAt: UtcTime,
          newestAt: UtcTime,
        }),
      ),
      unreachable: Unreachable,
    }),
  },
  refusals,
}

const letter = {
  id: Id,
  eventId: nullable(Id),
  type: nullable(Type.String()),
  reason: Type.String(),
  error: Type.String(),
  handler: nullable(Type.String()),
  attempts: Count,
  firstFailedAt: UtcTime,
  lastFailedAt: UtcTime,
}

export const lettersSchema = {
  tags,
  summary: 'Dead letters of one service, newest first',
  params: OfService,
  querystring: Type.Object({ ...kind, ...page }, strict),
  response: { 200: Type.Object({ letters: Type.Array(Type.Object(letter)), next: nullable(Id) }) },
  refusals,
}

const action = {
  id: Id,
  letterId: Id,
  action: OneOf('redrive', 'discard'),
  actor: Id,
  why: Type.String(),
  outcome: Type.String(),
  actedAt: UtcTime,
}

export const letterSchema = {
  tags,
  summary: 'A dead letter with its message, masked, and what was done about it so far',
  params: Type.Object({ service: Service, id: Id }),
  response: {
    200: Type.Object({
      ...letter,
      brokerUser: nullable(Type.String()),
      routingKey: nullable(Type.String()),
      contentType: nullable(Type.String()),
      content: Type.Unknown({ description: 'null: what came is no JSON' }),
      discardedAt: nullable(UtcTime),
      actions: Type.Array(Type.Object(action)),
    }),
  },
  refusals: { ...refusals, 404: ['not-found'] },
}

const settled = {
  done: Type.Array(Type.Object({ id: Id, outcome: Type.String() })),
  refused: Type.Array(Type.Object({ id: Id, problem: Type.String(), detail: Type.String() })),
}
const Ids = Type.Array(Id, { minItems: 1, maxItems: 200 })
const why = Text(500)
const example = { ids: ['019aa4d2-7c1e-7b3a-9d0f-0d6b1a6a2f11'], why: 'handler fixed in 1.4.2' }

export const redriveSchema = {
  tags,
  summary: 'Have letters handled once more, by the service that failed and by no other',
  description:
    'Either those named, or all of a reason (and type): of more than a thousand the newest, then `next` is to be sent ' +
    'as `after`. Whoever is told of `dead-letter-settled` came second: nothing happens twice.',
  params: OfService,
  body: Type.Object(
    { ids: Type.Optional(Ids), ...kind, after: page.after, why },
    { ...strict, examples: [example, { reason: 'poison', why: 'handler fixed in 1.4.2' }] },
  ),
  response: { 200: Type.Object({ ...settled, next: nullable(Id) }) },
  refusals,
}

export const discardSchema = {
  tags,
  summary: 'Give letters up: they leave the list, the rows and the note are kept',
  params: OfService,
  body: Type.Object({ ids: Ids, why }, { ...strict, examples: [{ ...example, why: 'sent by a test' }] }),
  response: { 200: Type.Object(settled) },
  refusals,
}

export const actionsSchema = {
  tags,
  summary: 'What was done about dead letters, by whom and why, newest first',
  querystring: Type.Object(page, strict),
  response: {
    200: Type.Object({
      actions: Type.Array(
        Type.Object({
          id: Id,
          at: UtcTime,
          service: Service,
          letterId: Id,
          type: nullable(Type.String()),
          reason: Type.String(),
          action: OneOf('redrive', 'discard'),
          outcome: Type.String(),
          who: Id,
          why: Type.String(),
        }),
      ),
      unreachable: Unreachable,
      next: nullable(Id),
    }),
  },
  refusals,
}
