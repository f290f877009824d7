import type { Envelope } from '@order-saga/common'
import { inventoryReserved, orderCreated, orderPaid } from '@order-saga/common'
import { customerOf, journeyOf } from '../src/domain/journey'
import { declined, happy, newStory, outOfStock, recorded, refunded, START, stuck } from './stories'

const tell = (events: readonly Envelope[], now = START + 1_000) =>
  journeyOf('the order', recorded(events), new Date(now))
const types = (events: readonly Envelope[]) => tell(events).steps.map(({ type }) => type)

const stories = { happy, outOfStock, declined, refunded, stuck }

test.each([
  ['happy', 'paid', null, 30],
  ['outOfStock', 'cancelled', 'out_of_stock', 20],
  ['declined', 'cancelled', 'payment_declined', 40],
  ['refunded', 'cancelled', 'timed_out', 20],
  ['stuck', 'pending', null, null],
] as const)('the %s order is %s, reason %s, after %s ms', (name, status, reason, durationMs) => {
  expect(tell(stories[name]().events)).toMatchObject({ status, reason, durationMs })
})

test.each(Object.entries(stories))('the %s order is told in the same order however it was heard', (_name, make) => {
  const { events } = make()
  const expected = events.map(({ type }) => type)
  expect(types([...events].reverse())).toEqual(expected)
  expect(types([...events].sort((a, b) => (a.type < b.type ? -1 : 1)))).toEqual(expected)
})

test('each step names who did it, what caused it, who answered and how long it took', () => {
  const { events } = happy()
  const [created, reserved, succeeded] = events
  expect(tell(events).steps[1]).toMatchObject({
    at: new Date(START + 10),
    event: reserved?.id,
    type: 'inventory.reserved',
    service: 'product-service',
    summary: inventoryReserved.summary,
    reason: null,
    causedBy: { event: created?.id, type: 'order.created', service: 'order-service' },
    answeredBy: [{ event: succeeded?.id, type: 'payment.succeeded', service: 'payment-service' }],
    reactedToBy: [
      { service: 'order-service', step: 'priceOrder' },
      { service: 'payment-service', step: 'chargeReservation' },
    ],
    repeats: null,
    compensates: null,
    sincePreviousMs: 10,
  })
})

test('what undoes an earlier step says which', () => {
  const undone = (events: readonly Envelope[]) =>
    tell(events).steps.flatMap(({ type, compensates }) => (compensates ? [`${type} undoes ${compensates}`] : []))
  expect(undone(happy().events)).toEqual([])
  expect(undone(declined().events)).toEqual(['inventory.released undoes inventory.reserved'])
  expect(undone(refunded().events)).toEqual([
    'inventory.released undoes inventory.reserved',
    'payment.refunded undoes payment.succeeded',
  ])
})

test('a repeated answer names the first and changes neither verdict nor duration', () => {
  const story = happy()
  const first = story.events[3]
  if (!first) throw new Error('a happy story has four events')
  const journey = tell(story.and(orderPaid, {}, { repeats: first, afterMs: 60_000 }).events)
  expect(journey).toMatchObject({ status: 'paid', durationMs: 30 })
  expect(journey.steps.at(-1)).toMatchObject({ type: 'order.paid', repeats: first.id })
})

test('no event comes before its cause, whatever the clocks say', () => {
  const story = newStory().and(orderCreated).and(inventoryReserved, {}, { afterMs: -3_600_000 })
  expect(types(story.events)).toEqual(['order.created', 'inventory.reserved'])
  expect(tell(story.events).steps[1]?.sincePreviousMs).toBe(0)
})

test('a circle of causes is told all the same', () => {
  const [first, second] = recorded(newStory().and(orderCreated).and(inventoryReserved).events)
  if (!first || !second) throw new Error('two events were told')
  const circle = [{ ...first, causationId: second.id }, second]
  expect(journeyOf('the order', circle, new Date(START)).steps).toHaveLength(2)
})

test('a pending order says what is expected and how long there is', () => {
  const { events } = newStory().and(orderCreated)
  const { deadlineAt } = orderCreated.example
  expect(tell(events, Date.parse(deadlineAt) - 1)).toMatchObject({
    deadlineAt,
    remainingMs: 1,
    expectedNext: expect.stringContaining('product-service reacts to order.created'),
  })
  expect(tell(events, Date.parse(deadlineAt) + 1)).toMatchObject({
    remainingMs: -1,
    expectedNext: expect.stringContaining('deadline has passed'),
  })
})

test.each(['happy', 'outOfStock', 'declined', 'refunded'] as const)('of the %s order nothing is expected', (name) => {
  expect(tell(stories[name]().events)).toMatchObject({ expectedNext: null, remainingMs: null })
})

test('an order of which only a part was heard has what is known', () => {
  const [, reserved] = happy().events
  expect(tell(reserved ? [reserved] : [])).toMatchObject({ status: 'pending', placedAt: null, durationMs: null })
})

test('the customer is known from the first event that names one', () => {
  const story = declined()
  expect(customerOf(recorded(story.events.slice(3)))).toBe(story.customerId)
  expect(customerOf(recorded(story.events.slice(3, 4)))).toBeUndefined()
})
