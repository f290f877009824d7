import type { Envelope } from '@order-saga/common'
import { inventoryReserved, orderCreated, orderPaid, paymentSucceeded } from '@order-saga/common'
import { customerOf, journeyOf } from '../src/domain/journey'
import type { Heard } from '../src/domain/troubles'
import { declined, happy, newStory, outOfStock, recorded, refunded, START, stuck } from './stories'

const tell = (events: readonly Envelope[], now = START + 1_000) =>
  journeyOf('the order', recorded(events), { now: new Date(now) })
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
  expect(journeyOf('the order', circle, { now: new Date(START) }).steps).toHaveLength(2)
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

describe('what services say beside their events', () => {
  const story = newStory().and(orderCreated).and(inventoryReserved)
  const [created, reserved] = story.events
  if (!created || !reserved) throw new Error('two events were told')
  const line = (kind: string | null, fields: object = {}, change: Partial<Heard> = {}): Heard => ({
    at: new Date(START + 100),
    service: 'payment-service',
    level: 'info',
    kind,
    message: 'said',
    eventId: reserved.id,
    fields: { type: 'inventory.reserved', ...fields },
    ...change,
  })
  const parked = line('parked', {
    attempt: 2,
    nextAttemptAt: '2026-01-01T12:01:07.000Z',
    reason: 'handler_error',
    error: 'boom',
  })
  const dead = line('dead', { attempt: 8, reason: 'handler_error', error: 'boom' })
  const withLines = (...lines: Heard[]) =>
    journeyOf('the order', recorded(story.events), { now: new Date(START + 1_000), lines })

  test('what is parked is stuck, says where and when it is tried again', () => {
    expect(withLines(parked)).toMatchObject({
      stuck: 'parked in payment-service, third attempt at 12:01:07',
      parked: [{ service: 'payment-service', event: reserved.id, attempt: 2, error: 'boom' }],
      deadLetter: null,
    })
  })

  test.each([
    ['recovered', [parked, line('recovered', { attempt: 3 })]],
    ['discarded', [parked, dead, line('discarded')]],
  ])('what is %s waits no more', (_word, lines) => {
    expect(withLines(...lines)).toMatchObject({ stuck: null, parked: [], deadLetter: null })
  })

  test('what is dead waits for a person, what is redriven does not', () => {
    expect(withLines(parked, dead)).toMatchObject({
      stuck: 'dead in payment-service: handler_error; waits for a person',
      parked: [],
      deadLetter: { attempt: 8 },
    })
    expect(withLines(dead, line('redriven'))).toMatchObject({ deadLetter: null, parked: [{ outcome: 'redriven' }] })
  })

  test('a service that has answered since has handled it, whatever its lines say', () => {
    const { events } = newStory().and(orderCreated)
    const answered = [
      ...story.events,
      { ...happy().events[2], causationid: reserved.id, time: new Date(START + 500).toISOString() },
    ]
    expect(
      journeyOf('the order', recorded(answered as Envelope[]), { now: new Date(START + 1_000), lines: [parked] })
        .parked,
    ).toEqual([])
    expect(events).toHaveLength(1)
  })

  test('trouble of somebody whom nobody waits for is told, and stops nothing', () => {
    const journey = withLines({ ...dead, service: 'cart-service', eventId: created.id })
    expect(journey).toMatchObject({ stuck: null, deadLetter: { service: 'cart-service' } })
  })

  test('duplicates are counted for each service, those of the journal are not', () => {
    const journey = withLines(
      line('duplicate'),
      line('duplicate'),
      line('duplicate', {}, { service: 'logger-service' }),
    )
    expect(journey).toMatchObject({
      duplicatesIgnored: 2,
      duplicates: [{ service: 'payment-service', type: 'inventory.reserved', count: 2 }],
    })
  })

  test('mails are told, with what became of them', () => {
    const journey = withLines(
      line('mail', { mail: 'receipt', channel: 'mail', state: 'sent' }, { service: 'mailer-service' }),
    )
    expect(journey.mails).toEqual([{ at: new Date(START + 100), kind: 'receipt', channel: 'mail', state: 'sent' }])
    expect(journey.lanes).toContain('mailer-service')
  })

  test('who does not consume is the reason', () => {
    const consuming = () => ({ isConsuming: false, waiting: 1 })
    const journey = journeyOf('the order', recorded(story.events), { now: new Date(START + 40_010), consuming })
    expect(journey.stuck).toBe('payment-service has not reacted to inventory.reserved for 40 s; it is not consuming')
    expect(journey.waitsFor).toEqual({ service: 'payment-service', reactsTo: 'inventory.reserved', sinceMs: 40_000 })
  })
})

test('money is told as it moved, once', () => {
  const story = refunded()
  const [, , , captured] = story.events
  if (!captured) throw new Error('it was captured')
  const money = tell(story.and(paymentSucceeded, {}, { repeats: captured }).events).money
  expect(money.map(({ kind, amountMinor, currency }) => [kind, amountMinor, currency])).toEqual([
    ['captured', 6980, 'EUR'],
    ['refunded', 6980, 'EUR'],
  ])
})

test('the picture can be pasted into a ticket, and is the same every time', () => {
  expect(tell(declined().events).mermaid).toBe(`sequenceDiagram
  participant order as order-service
  participant product as product-service
  participant payment as payment-service
  participant cart as cart-service
  participant mailer as mailer-service
  order->>product: order.created +0 ms
  order->>cart: order.created +0 ms
  product->>order: inventory.reserved +10 ms
  product->>payment: inventory.reserved +10 ms
  payment-->>product: payment.failed +20 ms
  payment-->>order: payment.failed +20 ms
  Note over product: inventory.released +30 ms
  order-->>product: order.cancelled +40 ms
  order-->>cart: order.cancelled +40 ms
  order-->>payment: order.cancelled +40 ms
  order-->>mailer: order.cancelled +40 ms
  Note over order,mailer: order: cancelled (payment_declined)`)
})
