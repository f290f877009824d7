import { nameOfStep } from '../../src/domain/step'

test.each([
  ['placed', null, 'pending', 'none'],
  ['priced', 'pending', 'pending', 'none'],
  ['paid', 'pending', 'paid', 'none'],
  ['cancelled', 'pending', 'cancelled', 'none'],
  ['refund_due', 'cancelled', 'cancelled', 'due'],
  ['refunded', 'cancelled', 'cancelled', 'done'],
  ['refunded', 'paid', 'paid', 'done'],
] as const)('%s: from %s to %s, refund %s', (name, from, to, refund) => {
  expect(nameOfStep({ version: 1, from, to, refund, reason: null, at: '2026-01-01T12:00:00.000Z' })).toBe(name)
})
