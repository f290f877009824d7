import { catalogue, newId, type Runtime, serviceNames } from '@order-saga/common'
import { type TestTokens, testTokens } from '@order-saga/common/testing'
import { buildLoggerService } from '../src'
import { loggerConfig } from './config'
import { type Logger, startLogger } from './logger'
import { happy, newStory } from './stories'

let logger: Logger
let tokens: TestTokens
let service: Runtime

beforeAll(async () => {
  ;[logger, tokens] = await Promise.all([startLogger(), testTokens()])
  service = await buildLoggerService({ ...loggerConfig(logger.db.url), jwksUrl: tokens.jwksUrl })
})
afterAll(async () => {
  await service.stop()
  await Promise.all([logger.close(), tokens.close()])
})

async function ask(url: string, role: 'admin' | 'customer' | 'nobody', body?: object) {
  const answer = await service.app.inject({
    method: body ? 'POST' : 'GET',
    url,
    headers: role === 'nobody' ? {} : { authorization: tokens.bearer(newId(), role) },
    ...(body && { body }),
  })
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
}

const letter = { ids: [newId()], why: 'fixed' }

test.each([
  ['/dead-letters', 'nobody', 401],
  ['/dead-letters', 'customer', 403],
  ['/dead-letters/order-service', 'customer', 403],
  ['/dead-letter-actions', 'customer', 403],
  ['/choreography', 'customer', 403],
  ['/dead-letters/nobody-service', 'admin', 400],
  ['/dead-letters/order-service?limit=1000', 'admin', 400],
  ['/dead-letters/order-service/42', 'admin', 400],
  ['/dead-letters/order-service', 'admin', 503],
] as const)('%s as %s is refused with %i', async (url, role, status) => {
  expect((await ask(url, role)).status).toBe(status)
})

test.each([
  ['/dead-letters/order-service/redrive', 'nobody', letter, 401],
  ['/dead-letters/order-service/redrive', 'customer', letter, 403],
  ['/dead-letters/order-service/discard', 'customer', letter, 403],
  ['/dead-letters/order-service/redrive', 'admin', { ids: letter.ids }, 400],
  ['/dead-letters/order-service/redrive', 'admin', { ids: ['42'], why: 'fixed' }, 400],
  ['/dead-letters/order-service/redrive', 'admin', { why: 'which ones?' }, 400],
  ['/dead-letters/order-service/redrive', 'admin', { ...letter, reason: 'poison' }, 400],
  ['/dead-letters/order-service/redrive', 'admin', { reason: 'poison', why: 'fixed' }, 503],
  ['/dead-letters/order-service/discard', 'admin', { why: 'all of them' }, 400],
  ['/session', 'nobody', { email: 'ada@example.com' }, 400],
  ['/session', 'nobody', { email: 'ada@example.com', password: 'correct horse' }, 503],
  ['/session/refresh', 'nobody', { refreshToken: 'one' }, 503],
  ['/session/end', 'nobody', {}, 401],
] as const)('%s as %s with %j is refused with %i', async (url, role, body, status) => {
  expect((await ask(url, role, body)).status).toBe(status)
})

test('services that are away are named, and nothing more is told of them', async () => {
  expect(await ask('/dead-letters', 'admin')).toEqual({
    status: 200,
    body: { groups: [], unreachable: [...serviceNames] },
  })
  expect((await ask('/dead-letter-actions', 'admin')).body).toEqual({
    actions: [],
    unreachable: [...serviceNames],
    next: null,
  })
  const { body } = await ask('/dead-letters/order-service', 'admin')
  expect(body).toMatchObject({
    type: '/problems/service-unreachable',
    detail: 'order-service does not answer at the moment.',
  })
})

test('a letter of a service that is away is refused, and the others are tried', async () => {
  const { status, body } = await ask('/dead-letters/order-service/redrive', 'admin', {
    ids: [newId(), newId()],
    why: 'x',
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({ done: [], refused: [{ problem: 'service-unreachable' }, {}], next: null })
})

test('the choreography is what the contracts say, with what was told in the last minute', async () => {
  const { events } = happy(newStory())
  await logger.hear(events.map((event) => ({ ...event, id: newId() })))
  const { services, events: told } = (await ask('/choreography', 'admin')).body
  expect(services).toHaveLength(serviceNames.length)
  expect(told.map(({ type }: { type: string }) => type)).toEqual(catalogue.map(({ type }) => type))
  expect(told.find(({ type }: { type: string }) => type === 'order.cancelled')).toMatchObject({
    publisher: 'order-service',
    readers: expect.arrayContaining([
      { service: 'payment-service', step: 'giveBackOrRefuse', compensates: 'chargeReservation' },
    ]),
    perMinute: 0,
  })
  expect(told.find(({ type }: { type: string }) => type === 'order.paid')).toMatchObject({ perMinute: 1 })
})
