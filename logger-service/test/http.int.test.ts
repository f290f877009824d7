import { newId, orderCreated, type Runtime } from '@order-saga/common'
import { type TestTokens, testTokens } from '@order-saga/common/testing'
import { buildLoggerService } from '../src'
import { loggerConfig } from './config'
import { type Logger, startLogger } from './logger'
import { declined, happy, newStory, outOfStock, refunded } from './stories'

let logger: Logger
let tokens: TestTokens
let service: Runtime
const ada = newId()
const stories = {
  happy: happy(newStory(ada)),
  outOfStock: outOfStock(newStory(ada)),
  declined: declined(),
  refunded: refunded(),
  pending: newStory(ada).and(orderCreated),
}

beforeAll(async () => {
  ;[logger, tokens] = await Promise.all([startLogger(), testTokens()])
  service = await buildLoggerService({
    ...loggerConfig(logger.db.url),
    jwksUrl: tokens.jwksUrl,
  })
  for (const { events } of Object.values(stories)) await logger.hear(events)
  // the story of the overdue question: both facts are told again, as new events
  const again = stories.outOfStock.events.filter(({ source }) => source === 'order-service')
  await logger.hear(again.map((told) => ({ ...told, id: newId(), repeats: told.id })))
})
afterAll(async () => {
  await service.stop()
  await Promise.all([logger.close(), tokens.close()])
})

const get = (url: string, authorization?: string) =>
  service.app.inject({ url, headers: authorization ? { authorization } : {} })
const asAdmin = (url: string) => get(url, tokens.bearer(newId(), 'admin'))
const journey = ({ orderId }: { orderId: string }) => `/orders/${orderId}/journey`

test('customers see the journey of their order', async () => {
  const answer = await get(journey(stories.happy), tokens.bearer(ada))
  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toMatchObject({
    orderId: stories.happy.orderId,
    status: 'paid',
    durationMs: 30,
    placedAt: '2026-01-01T12:00:00.000Z',
    endedAt: '2026-01-01T12:00:00.030Z',
    deadlineAt: orderCreated.example.deadlineAt,
    expectedNext: null,
    steps: [
      { type: 'order.created', causedBy: null },
      { type: 'inventory.reserved', causedBy: { type: 'order.created' } },
      { type: 'payment.succeeded', answeredBy: [{ type: 'order.paid', service: 'order-service' }] },
      { type: 'order.paid', sincePreviousMs: 10 },
    ],
  })
})

test('a pending order says who is next', async () => {
  const { status, expectedNext } = (await get(journey(stories.pending), tokens.bearer(ada))).json()
  expect(status).toBe('pending')
  expect(expectedNext).toContain('order-service cancels the order')
})

test('the order of somebody else does not exist, for an administrator it does', async () => {
  expect((await get(journey(stories.declined), tokens.bearer(ada))).statusCode).toBe(404)
  expect((await asAdmin(journey(stories.declined))).json()).toMatchObject({ reason: 'payment_declined' })
})

test('an order nobody has heard of does not exist', async () => {
  expect((await asAdmin(journey({ orderId: newId() }))).statusCode).toBe(404)
})

test('the latest orders come with how they ended', async () => {
  const { journeys } = (await asAdmin('/journeys')).json()
  const ended = journeys.map(({ status, reason }: { status: string; reason: string | null }) => reason ?? status)
  expect(ended).toEqual(['pending', 'timed_out', 'payment_declined', 'out_of_stock', 'paid'])
  expect((await asAdmin('/journeys?limit=1')).json().journeys).toEqual([
    {
      orderId: stories.pending.orderId,
      status: 'pending',
      reason: null,
      placedAt: '2026-01-01T12:00:00.000Z',
      endedAt: null,
    },
  ])
})

test('orders are counted, not events: a repeat changes nothing', async () => {
  expect((await asAdmin('/statistics')).json()).toEqual({
    placed: 5,
    paid: 1,
    cancelled: 3,
    cancelledBy: { out_of_stock: 1, payment_declined: 1, timed_out: 1 },
    msToEnd: { p50: 25, p95: expect.closeTo(38.5), p99: expect.closeTo(39.7) },
  })
})

test('the journal is read page by page, by type and by order', async () => {
  const first = (await asAdmin('/events?type=order.created&limit=2')).json().events
  const rest = (await asAdmin(`/events?type=order.created&before=${first[1].id}`)).json().events
  expect(first.length + rest.length).toBe(6)
  expect(new Set([...first, ...rest].map(({ id }: { id: string }) => id)).size).toBe(6)
  const { events } = (await asAdmin(`/events?orderId=${stories.declined.orderId}`)).json()
  expect(events).toHaveLength(5)
  expect(events.at(-1)).toMatchObject({ type: 'order.created', data: { paymentToken: '***', fromCart: true } })
})

test.each([
  ['/journeys', undefined, 401],
  ['/journeys', 'customer', 403],
  ['/events', 'customer', 403],
  ['/statistics', 'customer', 403],
  ['/orders/1/journey', 'customer', 400],
  ['/journeys?limit=1000', 'admin', 400],
  ['/events?before=yesterday', 'admin', 400],
  ['/events?source=order-service', 'admin', 400],
  ['/statistics?minutes=0', 'admin', 400],
] as const)('%s as %s is refused with %i', async (url, role, status) => {
  expect((await get(url, role && tokens.bearer(newId(), role))).statusCode).toBe(status)
})
