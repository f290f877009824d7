import { newId, orderCreated, type Runtime } from '@order-saga/common'
import { onlyAsDescribed, type TestTokens, testTokens } from '@order-saga/common/testing'
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
  service = onlyAsDescribed(
    await buildLoggerService({
      ...loggerConfig(logger.db.url),
      jwksUrl: tokens.jwksUrl,
    }),
  )
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

const ids = (journeys: { orderId: string }[]) => journeys.map(({ orderId }) => orderId)
const listed = async (query: string) => (await asAdmin(`/journeys?${query}`)).json().journeys

test('orders are listed newest first, with how they stand', async () => {
  const journeys = await listed('')
  const ended = journeys.map(({ status, reason }: { status: string; reason: string | null }) => reason ?? status)
  expect(ended).toEqual(['pending', 'timed_out', 'payment_declined', 'out_of_stock', 'paid'])
  expect(journeys[0]).toEqual({
    orderId: stories.pending.orderId,
    customerId: stories.pending.customerId,
    status: 'pending',
    reason: null,
    placedAt: '2026-01-01T12:00:00.000Z',
    endedAt: null,
    ageMs: expect.any(Number),
    totalMinor: null,
    currency: null,
    isStuck: true,
    waitsFor: 'order-service cancels the order: its deadline has passed',
  })
  expect(journeys[4]).toMatchObject({ ageMs: 30, totalMinor: 6980, currency: 'EUR', isStuck: false, waitsFor: null })
})

test.each([
  ['status=pending', ['pending']],
  ['status=cancelled', ['refunded', 'declined', 'outOfStock']],
  ['reason=out_of_stock', ['outOfStock']],
  ['reason=timed_out&status=paid', []],
  [`customerId=${ada}`, ['pending', 'outOfStock', 'happy']],
  ['stuck=true', ['pending']],
  ['olderThanS=3600', []],
  ['olderThanS=0', ['pending', 'refunded', 'declined', 'outOfStock', 'happy']],
] as const)('of the orders with %s: %j', async (query, names) => {
  expect(ids(await listed(query))).toEqual(names.map((name) => stories[name].orderId))
})

test('an order is found by its id, by the beginning of it, in any case, with hyphens or without', async () => {
  const { orderId } = stories.declined
  for (const q of [orderId, orderId.toUpperCase(), orderId.replaceAll('-', ''), orderId.slice(0, 34)])
    expect(ids(await listed(`q=${q}`))).toContain(orderId)
  expect(ids(await listed(`q=${orderId}`))).toEqual([orderId])
  expect(await listed('q=ffff')).toEqual([])
})

test('lists go on where they ended, also when they end with a page', async () => {
  const read = async (path: string, key: string) => {
    const found: { orderId: string; id: string }[] = []
    for (let after = ''; ; ) {
      const page = (await asAdmin(`${path}?limit=2${after}`)).json()
      found.push(...page[key])
      if (page.next === null) return found
      expect(page[key]).toHaveLength(2)
      after = `&after=${page.next}`
    }
  }
  expect(ids(await read('/journeys', 'journeys'))).toEqual(ids(await listed('')))
  const events = await read('/events', 'events')
  expect(events.map(({ id }) => id)).toEqual(
    events
      .map(({ id }) => id)
      .sort()
      .reverse(),
  )
  expect(events).toHaveLength((await logger.size()) ?? 0)
})

test('orders are counted, not events: a repeat changes nothing', async () => {
  expect((await asAdmin('/statistics')).json()).toEqual({
    placed: 5,
    paid: 1,
    cancelled: 3,
    cancelledBy: { out_of_stock: 1, payment_declined: 1, timed_out: 1 },
    msToEnd: { p50: 25, p95: expect.closeTo(38.5), p99: expect.closeTo(39.7) },
    ordersPerS: expect.closeTo(5 / 3600),
    successRate: 0.25,
    averageOrderValueMinor: 6980,
    paymentSuccessRate: expect.closeTo(2 / 3),
    byMinute: expect.any(Array),
  })
  const { byMinute } = (await asAdmin('/statistics?minutes=5')).json()
  const placed = byMinute.reduce((sum: number, minute: { placed: number }) => sum + minute.placed, 0)
  expect(placed).toBe(5)
  expect(byMinute[0].at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/)
})

test('the journal is found by type, publisher, order, request and time, and each event by its id', async () => {
  const found = async (query: string) => (await asAdmin(`/events?${query}`)).json().events
  expect(await found('type=order.created')).toHaveLength(6)
  expect(await found('service=payment-service')).toHaveLength(4)
  const events = await found(`orderId=${stories.declined.orderId}`)
  expect(events).toHaveLength(5)
  expect(events.at(-1)).toMatchObject({ type: 'order.created', data: { paymentToken: '***', fromCart: true } })
  const [created] = stories.declined.events
  expect(await found(`requestId=${created?.correlationid}`)).toEqual(events)
  expect(await found(`orderId=${stories.declined.orderId}&until=2026-01-01T00:00:00Z`)).toEqual([])
  expect(await found(`traceId=${'a'.repeat(32)}`)).toEqual([])
  expect((await asAdmin(`/events/${created?.id}`)).json()).toEqual(events.at(-1))
  expect((await asAdmin(`/events/${newId()}`)).statusCode).toBe(404)
})

test('without a broker a journey is told all the same', async () => {
  const { stuck } = (await asAdmin(journey(stories.pending))).json()
  expect(stuck).toMatch(
    /^order-service has not yet cancelled it although its deadline passed \d+ s ago; the broker does not say/,
  )
})

test.each([
  ['/journeys', undefined, 401],
  ['/journeys', 'customer', 403],
  ['/events', 'customer', 403],
  ['/statistics', 'customer', 403],
  ['/orders/1/journey', 'customer', 400],
  ['/journeys?limit=1000', 'admin', 400],
  ['/events?after=yesterday', 'admin', 400],
  ['/events?before=yesterday', 'admin', 400],
  ['/events/1', 'admin', 400],
  ['/journeys?status=lost', 'admin', 400],
  ['/journeys?q=100%25', 'admin', 400],
  ['/journeys?stuck=maybe', 'admin', 400],
  ['/journeys/stream', 'customer', 403],
  ['/events/stream', undefined, 401],
  ['/logs', 'customer', 403],
  ['/logs?level=loud', 'admin', 400],
  ['/logs?since=yesterday', 'admin', 400],
  ['/statistics?minutes=0', 'admin', 400],
] as const)('%s as %s is refused with %i', async (url, role, status) => {
  expect((await get(url, role && tokens.bearer(newId(), role))).statusCode).toBe(status)
})
