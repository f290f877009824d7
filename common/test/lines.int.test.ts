import { alarm, type Database, PermanentError, parked } from '@order-saga/common'
import type { NewLine } from '../src/logs/tell-lines'
import { Settler } from '../src/messaging/settler'
import { effectSaga, note, type OnOrder } from './support/effects'
import { orderEvent, Shop } from './support/shop'

let shop: Shop
beforeAll(async () => {
  shop = await Shop.open()
})
afterEach(() => shop.reset())
afterAll(() => shop.close())

/** A settler, and what it has told. */
function telling(react: OnOrder) {
  const { database, metrics } = shop.plumb('product-service')
  const told: NewLine[] = []
  const logged: object[] = []
  const note = (fields: object) => void logged.push(fields)
  const log = { debug() {}, info() {}, warn: note, error: note }
  const lines = { tell: (line: NewLine) => void told.push(line) }
  const settler = new Settler({ database: database as Database, saga: effectSaga(react), metrics, log, lines })
  const settle = (...events: ReturnType<typeof orderEvent>[]) =>
    settler.settle(
      events.map((event) => ({ event, brokerUser: 'order-service' })),
      [],
    )
  return { told, logged, settler, settle }
}
const failing: OnOrder = () => {
  throw new Error('not today')
}

it('nothing is told of what is handled at once', async () => {
  const { told, settle } = telling(note)
  await settle(orderEvent(), orderEvent())
  expect(told).toEqual([])
})

it('a duplicate is told of, with the order, event and request it is about', async () => {
  const { told, settle } = telling(note)
  const event = orderEvent()
  const { orderId } = event.data as { orderId: string }
  await settle(event)
  await settle(event)
  expect(told).toMatchObject([
    { level: 'info', kind: 'duplicate', eventId: event.id, orderId, requestId: event.correlationid },
  ])
})

it('what is parked says which attempt it was and when the next one is, and what is dead says so', async () => {
  const { told, settler, settle } = telling(failing)
  const event = orderEvent()
  await settle(event)
  for (let n = 0; n < 7; n++) {
    await shop.makeParkedDue()
    await settler.retryParked()
  }
  expect(told.map(({ kind, fields }) => [kind, (fields as { attempt: number }).attempt])).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7].map((attempt) => ['parked', attempt]),
    ['dead', 8],
  ])
  for (const { kind, eventId, fields } of told) {
    expect(eventId).toBe(event.id)
    expect(fields).toMatchObject({ reason: 'handler_error', error: 'not today', type: 'order.created' })
    if (kind === 'parked') expect(fields).toMatchObject({ nextAttemptAt: expect.any(Date) })
  }
})

it('what is handled at last has recovered', async () => {
  let isWell = false
  const { told, settler, settle } = telling((...args) => (isWell ? note(...args) : parked('too_early')))
  await settle(orderEvent())
  isWell = true
  await shop.makeParkedDue()
  await settler.retryParked()
  expect(told).toMatchObject([
    { kind: 'parked', fields: { attempt: 1, reason: 'too_early' } },
    { kind: 'recovered', fields: { attempt: 2 } },
  ])
})

it.each([
  ['parked', failing],
  [
    'dead',
    () => {
      throw new PermanentError('unknown_product')
    },
  ],
  ['alarm', () => alarm('impossible')],
] as const)('every line of the log about what is %s names event, order, request and trace', async (kind, react) => {
  const { logged, settle } = telling(react as OnOrder)
  const trace = '0af7651916cd43dd8448eb211c80319c'
  const event = { ...orderEvent(), traceparent: `00-${trace}-b7ad6b7169203331-00` }
  await settle(event)
  const { orderId } = event.data as { orderId: string }
  const about = { event: event.id, type: event.type, orderId, reqId: event.correlationid, traceId: trace }
  expect(logged).toContainEqual(expect.objectContaining({ kind }))
  for (const line of logged) expect(line).toMatchObject(about)
})

it('an alarm, and what no attempt can help, is told as such', async () => {
  const alarming = telling(() => alarm('impossible'))
  await alarming.settle(orderEvent())
  expect(alarming.told.map(({ kind }) => kind).toSorted()).toEqual(['alarm', 'parked'])
  const dying = telling(() => {
    throw new PermanentError('unknown_product', 'no such product')
  })
  await dying.settle(orderEvent())
  expect(dying.told).toMatchObject([{ level: 'error', kind: 'dead', fields: { reason: 'unknown_product' } }])
})
