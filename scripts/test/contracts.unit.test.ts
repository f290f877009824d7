import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue, orderCancelled, orderPaid, serviceNames } from '@order-saga/common'
import Type, { type TSchema } from 'typebox'
import { parse } from 'yaml'
import { type ApiDocument, apiBreaks } from '../src/contracts/api-breaks'
import { breaksBetween } from '../src/contracts/breaks'
import { type EventDocument, eventBreaks } from '../src/contracts/event-breaks'
import { OF_ANSWERS, OF_EVENTS, OF_REQUESTS, schemaBreaks } from '../src/contracts/schema-breaks'
import { ASYNCAPI_PATH, asyncApi } from '../src/docs/asyncapi'
import { openApiPath } from '../src/docs/openapi'
import { cloneRoot } from '../src/infra'

const published = () => parse(asyncApi()) as EventDocument
const read = (path: string) => readFileSync(join(cloneRoot, path), 'utf8')

test('the published AsyncAPI document says what the code says', () => {
  expect(read(ASYNCAPI_PATH)).toBe(asyncApi())
})

test('it has every event, whoever tells or hears it', () => {
  const { channels, operations } = parse(asyncApi()) as { channels: object; operations: object }
  for (const { type, publisher } of catalogue) {
    expect(channels).toHaveProperty([type, 'bindings', 'amqp', 'is'], 'routingKey')
    expect(operations).toHaveProperty([`${publisher}.sends.${type}`, 'action'], 'send')
  }
  expect(operations).toHaveProperty(['order-service.receives', 'description'], expect.stringContaining('confirmOrder'))
  expect(channels).toHaveProperty(['order-service.events', 'bindings', 'amqp', 'is'], 'queue')
})

test('every service has a published OpenAPI document, and none breaks itself', () => {
  const documents = new Map([ASYNCAPI_PATH, ...serviceNames.map(openApiPath)].map((path) => [path, read(path)]))
  expect(breaksBetween(documents, documents)).toEqual([])
  expect(breaksBetween(documents, new Map()).length).toBeGreaterThan(serviceNames.length)
})

/** The document after a change of the payload of order.cancelled. */
function changed(change: (data: { properties: Record<string, TSchema>; required: string[] }) => void): EventDocument {
  const document = structuredClone(published())
  const message = document.components.messages['order.cancelled.v1']
  change(message?.payload.allOf[1].properties.data as never)
  return document
}

const reason = orderCancelled.payload.properties.reason.enum

describe('of an event with the same major version', () => {
  test.each<[string, Parameters<typeof changed>[0], string]>([
    ['a removed field', (data) => delete data.properties.currency, 'the field currency is gone'],
    [
      'a renamed field',
      ({ properties }) => {
        properties.coin = properties.currency as TSchema
        delete properties.currency
      },
      'the field currency is gone',
    ],
    [
      'a field of another type',
      ({ properties }) => {
        properties.currency = Type.Integer()
      },
      'the field currency was string and is integer',
    ],
    [
      'a required field that was not there',
      ({ properties, required }) => {
        properties.channel = Type.String()
        required.push('channel')
      },
      'the field channel is required now',
    ],
    [
      'a field that may be missing',
      (data) => {
        data.required = data.required.filter((name) => name !== 'currency')
      },
      'the field currency may be missing now',
    ],
    [
      'a value that is taken away',
      ({ properties }) => {
        properties.reason = Type.Enum(reason.filter((value) => value !== 'timed_out'))
      },
      'the field reason may no longer be timed_out',
    ],
    [
      'a value that is added',
      ({ properties }) => {
        properties.reason = Type.Enum([...reason, 'fraud'])
      },
      'the field reason may now be fraud',
    ],
    [
      'null where there was none',
      ({ properties }) => {
        properties.totalMinor = Type.Integer()
      },
      'the field totalMinor was one of several and is integer',
    ],
    [
      'a tighter bound, deep inside',
      ({ properties }) => {
        const line = properties.lines as unknown as { items: { properties: { quantity: { maximum: number } } } }
        line.items.properties.quantity.maximum = 10
      },
      'the field lines[].quantity has maximum 10, not 1000',
    ],
  ])('%s is refused, with what to do instead', (_what, change, sentence) => {
    expect(eventBreaks(published(), changed(change))).toEqual([
      `order.cancelled.v1: ${sentence}. Leave it as it was, or declare order.cancelled.v2 beside order.cancelled.v1 and publish both.`,
    ])
  })

  test('another publisher is refused', () => {
    const document = structuredClone(published())
    Object.assign(document.components.messages['order.paid.v1']?.payload.allOf[1].properties.source ?? {}, {
      const: 'payment-service',
    })
    expect(eventBreaks(published(), document)).toEqual([
      expect.stringMatching(
        /^order\.paid\.v1: the publisher was order-service and is payment-service\..*order\.paid\.v2/,
      ),
    ])
  })

  test('that it is gone is refused', () => {
    const { [`${orderPaid.type}.v1`]: _gone, ...messages } = published().components.messages
    expect(eventBreaks(published(), { components: { messages } })).toEqual([
      'order.paid.v1 is gone: publish it beside its successor until nobody reads it.',
    ])
  })

  test('a further optional field, another description and a new event pass', () => {
    const document = changed(({ properties }) => {
      properties.note = Type.Optional(Type.String())
      properties.currency = { ...(properties.currency as TSchema), description: 'of the shop' }
    })
    const { messages } = document.components
    const more = { ...messages, 'order.cancelled.v2': messages['order.cancelled.v1'] as never }
    expect(eventBreaks(published(), { components: { messages: more } })).toEqual([])
  })
})

describe('of an HTTP document', () => {
  const body = Type.Object(
    { name: Type.String({ maxLength: 9 }), kind: Type.Enum(['a', 'b']) },
    { additionalProperties: false },
  )
  const answer = Type.Object({ id: Type.String(), note: Type.Optional(Type.String()) })
  const api = (): ApiDocument => ({
    paths: {
      '/things': {
        post: {
          'x-access': 'customer',
          parameters: [{ in: 'query', name: 'limit', schema: { type: 'integer', maximum: 100 } }],
          requestBody: { content: { 'application/json': { schema: body as never } } },
          responses: { 200: { content: { 'application/json': { schema: answer as never } } }, 404: {} },
        },
      },
    },
  })
  type Post = Record<string, never> & { parameters: { schema: object; required?: boolean; name: string; in: string }[] }
  const after = (change: (post: Post) => void): ApiDocument => {
    const document = structuredClone(api())
    change(document.paths['/things']?.post as never)
    return document
  }
  const withAnswer = (schema: object) =>
    after((post) => Object.assign(post, { responses: { 200: { content: { 'application/json': { schema } } } } }))
  const withBody = (schema: object) =>
    after((post) => Object.assign(post, { requestBody: { content: { 'application/json': { schema } } } }))

  test.each<[string, ApiDocument | undefined, string]>([
    ['the whole of it', undefined, 'is gone'],
    ['an operation', { paths: { '/things': {} } }, 'is gone'],
    ['an answer', after((post) => Object.assign(post, { responses: { 404: {} } })), ': the answer 200 is gone'],
    [
      'a field of an answer',
      withAnswer(Type.Object({ id: Type.String() })),
      ': of the answer 200, the field note is gone',
    ],
    [
      'the type of a field',
      withAnswer(Type.Object({ ...answer.properties, id: Type.Integer() })),
      ': of the answer 200, the field id was string and is integer',
    ],
    [
      'a field that was always there',
      withAnswer(Type.Partial(answer)),
      ': of the answer 200, the field id may be missing now',
    ],
    [
      'a field of a body',
      withBody(Type.Object({ kind: body.properties.kind }, { additionalProperties: false })),
      ': of the body, the field name is gone',
    ],
    [
      'fewer values',
      withBody({ ...body, properties: { ...body.properties, kind: { enum: ['a'] } } }),
      ': of the body, the field kind may no longer be b',
    ],
    [
      'shorter texts',
      withBody({ ...body, properties: { ...body.properties, name: { type: 'string', maxLength: 5 } } }),
      ': of the body, the field name has maxLength 5, not 9',
    ],
    [
      'a field that must be sent',
      withBody(Type.Object({ ...body.properties, more: Type.String() })),
      ': of the body, the field more is required now',
    ],
    ['a parameter', after((post) => void post.parameters.pop()), ': the parameter limit is gone'],
    [
      'a parameter that must be sent',
      after((post) => void post.parameters.push({ in: 'header', name: 'if-match', schema: {}, required: true })),
      ': the parameter if-match is required now',
    ],
    [
      'who may ask',
      after((post) => Object.assign(post, { 'x-access': 'admin' })),
      ': was for customer and is for admin',
    ],
  ])('another %s is refused', (_what, document, sentence) => {
    const [told, ...rest] = apiBreaks('some-service', api(), document)
    expect(told).toMatch(/^some-service POST \/things.*Keep it for those who use it/)
    expect(told).toContain(sentence)
    expect(rest).toEqual([])
  })

  test('what only adds passes', () => {
    const wider = withBody(
      Type.Object(
        { ...body.properties, more: Type.Optional(Type.String()), kind: Type.Enum(['a', 'b', 'c']) },
        { additionalProperties: false },
      ),
    )
    const richer = withAnswer(Type.Object({ ...answer.properties, more: Type.String() }))
    for (const document of [api(), wider, richer, { paths: { ...api().paths, '/more': {} } }])
      expect(apiBreaks('some-service', api(), document)).toEqual([])
  })
})

test('an answer may say less than it might, a request may take more, an event neither', () => {
  const [few, many] = [Type.Enum(['a']), Type.Enum(['a', 'b'])]
  const count = (before: TSchema, now: TSchema) =>
    [OF_ANSWERS, OF_REQUESTS, OF_EVENTS].map((allowed) => schemaBreaks(before as never, now as never, allowed).length)
  expect(count(many, few)).toEqual([0, 1, 1])
  expect(count(few, many)).toEqual([0, 0, 1])
})
