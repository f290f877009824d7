import { catalogue, reactions } from '@order-saga/common'
import { expectationAt, type Status, sentenceOf } from '../src/domain/expectation'
import { HEARD, heardOf } from '../src/domain/heard'
import { isOpen } from '../src/domain/projection'

const nothing = null
const late = 'order-service cancels the order: its deadline has passed'

// every place a saga can stand: what was heard, how it ended, and what is to come
const table: [Status, string[], string | null][] = [
  ['pending', [], nothing],
  ['pending', ['order.created'], 'product-service reacts to order.created: it reserves all lines or none'],
  [
    'pending',
    ['order.created', 'inventory.reserved'],
    'payment-service reacts to inventory.reserved: it charges the reserved total',
  ],
  // heard before what it answers
  ['pending', ['inventory.reserved'], 'payment-service reacts to inventory.reserved: it charges the reserved total'],
  [
    'pending',
    ['order.created', 'inventory.reservation.failed'],
    'order-service reacts to inventory.reservation.failed: it cancels the order',
  ],
  [
    'pending',
    ['order.created', 'inventory.reserved', 'payment.succeeded'],
    'order-service reacts to payment.succeeded: it declares the order paid',
  ],
  [
    'pending',
    ['order.created', 'inventory.reserved', 'payment.failed'],
    'order-service reacts to payment.failed: it cancels the order',
  ],
  [
    'pending',
    ['order.created', 'inventory.reserved', 'payment.failed', 'inventory.released'],
    'order-service reacts to payment.failed: it cancels the order',
  ],
  [
    'pending',
    ['order.created', 'inventory.reserved', 'inventory.released'],
    'order-service reacts to payment.failed: it cancels the order',
  ],
  [
    'pending',
    ['order.created', 'inventory.reserved', 'inventory.reservation.overdue'],
    'order-service reacts to inventory.reservation.overdue: it says again what it knows',
  ],
  [
    'pending',
    ['order.created', 'inventory.reserved', 'payment.overdue', 'inventory.reservation.overdue'],
    'order-service reacts to payment.overdue: it says again what it knows',
  ],
  ['paid', ['order.created', 'inventory.reserved', 'payment.succeeded', 'order.paid'], nothing],
  ['cancelled', ['order.created', 'order.cancelled'], nothing],
  ['cancelled', ['order.created', 'inventory.reservation.failed', 'order.cancelled'], nothing],
  [
    'cancelled',
    ['order.created', 'inventory.reserved', 'order.cancelled'],
    'product-service reacts to order.cancelled: it gives the stock back',
  ],
  ['cancelled', ['order.created', 'inventory.reserved', 'order.cancelled', 'inventory.released'], nothing],
  [
    'cancelled',
    ['order.created', 'inventory.reserved', 'order.cancelled', 'inventory.released', 'payment.succeeded'],
    'payment-service reacts to order.cancelled: it gives the money back',
  ],
  [
    'cancelled',
    ['order.created', 'inventory.reserved', 'order.cancelled', 'payment.succeeded', 'payment.refunded'],
    'product-service reacts to order.cancelled: it gives the stock back',
  ],
  [
    'cancelled',
    ['inventory.reserved', 'order.cancelled', 'inventory.released', 'payment.succeeded', 'payment.refunded'],
    nothing,
  ],
]

const at = (status: Status, types: string[], isLate = false) => {
  const expectation = expectationAt({ status, heard: heardOf(types), isLate })
  return expectation && sentenceOf(expectation)
}

test.each(table)('%s after %j: %s', (status, types, sentence) => {
  expect(at(status, types)).toBe(sentence)
  expect(at(status, [...types].reverse())).toBe(sentence)
})

test.each(table)('%s after %j, past the deadline', (status, types, sentence) => {
  expect(at(status, types, true)).toBe(status === 'pending' ? late : sentence)
})

test('an order is open as long as something is expected', () => {
  for (const [status, types] of table) {
    const heard = heardOf(types)
    const isExpected = expectationAt({ status, heard, isLate: false }) !== null
    expect([types, isOpen({ status, heard })]).toEqual([types, isExpected || status === 'pending'])
  }
})

test('every event about an order that somebody reacts to has a bit of its own', () => {
  const aboutOrders = catalogue.filter(({ payload }) => 'orderId' in payload.properties)
  const reactedTo = aboutOrders.filter(({ audience }) => audience === 'participants')
  expect(Object.keys(HEARD)).toEqual(expect.arrayContaining(reactedTo.map(({ type }) => type)))
  expect(aboutOrders.map(({ type }) => type)).toEqual(expect.arrayContaining(Object.keys(HEARD)))
  expect(heardOf(Object.keys(HEARD))).toBe(2 ** Object.keys(HEARD).length - 1)
})

test('whoever is expected to react to an event has a step for it', () => {
  for (const [, , sentence] of table) {
    const [, service, type] = sentence?.match(/^(\S+) reacts to (\S+):/) ?? []
    if (type) expect(reactions[type]?.map((reaction) => reaction.service)).toContain(service)
  }
})
