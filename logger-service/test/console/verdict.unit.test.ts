import { verdictOf } from '../../console/src/view/verdict'
import { bare, stepOf } from './journeys'

test('a stuck order says why, whatever else is known', () => {
  const stuck = 'payment-service has not reacted to inventory.reserved for 40 s'
  expect(verdictOf({ ...bare, stuck, expectedNext: 'somebody does something' })).toEqual({ tone: 'stuck', text: stuck })
})

test('a pending one says what it waits for', () => {
  expect(verdictOf({ ...bare, expectedNext: 'product-service reserves' }).text).toBe(
    'Waiting: product-service reserves.',
  )
  expect(verdictOf(bare).text).toBe('Waiting.')
})

test('a cancelled one says why, and what the bank said', () => {
  const steps = [stepOf('e3', 'payment.failed', 'payment-service', { reason: 'card_expired' })]
  const cancelled = { ...bare, status: 'cancelled' as const, durationMs: 412, steps }
  expect(verdictOf({ ...cancelled, reason: 'payment_declined' })).toEqual({
    tone: 'cancelled',
    text: 'Cancelled: the payment was declined (card expired), 412 ms after it was placed.',
  })
  expect(verdictOf({ ...cancelled, reason: 'out_of_stock', durationMs: null }).text).toBe(
    'Cancelled: there was not enough stock.',
  )
})

test('a paid one says so, and whether the money went back', () => {
  const paid = { ...bare, status: 'paid' as const, durationMs: 1200 }
  expect(verdictOf(paid)).toEqual({ tone: 'paid', text: 'Paid, 1.2 s after it was placed.' })
  const refund = { at: '', kind: 'refunded' as const, amountMinor: 1, currency: 'EUR' }
  expect(verdictOf({ ...paid, money: [refund] }).text).toBe('Paid, 1.2 s after it was placed, and given back.')
})
