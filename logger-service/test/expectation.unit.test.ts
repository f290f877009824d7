import { catalogue } from '@order-saga/common'
import { expectedNext } from '../src/domain/expectation'

const nothing = null
const table: Record<string, string | null> = {
  'order.created': 'product-service reacts to order.created: it reserves all lines or none',
  'inventory.reserved': 'payment-service reacts to inventory.reserved: it charges the reserved total',
  'inventory.reservation.failed': 'order-service reacts to inventory.reservation.failed: it cancels the order',
  'inventory.released': 'order-service reacts to payment.failed: it cancels the order',
  'inventory.reservation.overdue': 'order-service reacts to inventory.reservation.overdue: it says again what it knows',
  'payment.succeeded': 'order-service reacts to payment.succeeded: it declares the order paid',
  'payment.failed': 'order-service reacts to payment.failed: it cancels the order',
  'payment.overdue': 'order-service reacts to payment.overdue: it says again what it knows',
  'order.paid': nothing,
  'order.cancelled': nothing,
  'payment.refunded': nothing,
}
const aboutOrders = catalogue.filter(({ payload }) => 'orderId' in payload.properties).map(({ type }) => type)

test('the table has a line for every event about an order', () => {
  expect(Object.keys(table).sort()).toEqual([...aboutOrders].sort())
})

test.each(Object.entries(table))('after %s: %s', (type, sentence) => {
  expect(expectedNext(type, false)).toBe(sentence)
})

test.each(Object.entries(table))('after %s, past the deadline', (type, sentence) => {
  const late = 'order-service cancels the order: its deadline has passed'
  expect(expectedNext(type, true)).toBe(sentence === nothing ? nothing : late)
})

test('every event in a sentence has a contract', () => {
  const types = new Set(catalogue.map(({ type }) => type))
  const named = Object.values(table).flatMap((sentence) => sentence?.match(/reacts to ([a-z_.]+):/)?.[1] ?? [])
  expect(named.filter((type) => !types.has(type))).toEqual([])
})
