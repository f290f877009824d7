import { newId } from '@order-saga/common'
import { expectationAt } from '../src/domain/expectation'
import { heardOf } from '../src/domain/heard'
import { type Standing, whyStuck } from '../src/domain/stuck'
import type { Attempt } from '../src/domain/troubles'

const pendingAfter = (...types: string[]) => expectationAt({ status: 'pending', heard: heardOf(types), isLate: false })
const payment = pendingAfter('order.created', 'inventory.reserved')
const late = expectationAt({ status: 'pending', heard: 1, isLate: true })
const refund = expectationAt({ status: 'cancelled', heard: heardOf(['payment.succeeded']), isLate: false })

const reading = { isConsuming: true, waiting: 0 }
const standing: Standing = {
  expectation: payment,
  sinceMs: 40_000,
  lateMs: 0,
  trouble: undefined,
  consuming: reading,
  warning: undefined,
}

const trouble = (change: Partial<Attempt>): Attempt => ({
  at: new Date(0),
  service: 'product-service',
  event: newId(),
  type: 'order.created',
  outcome: 'parked',
  attempt: 2,
  nextAttemptAt: '2026-01-01T12:01:07.412Z',
  reason: 'handler_error',
  error: null,
  ...change,
})

test.each<[string, Partial<Standing>, string | null]>([
  ['nothing is expected', { expectation: null }, null],
  ['it has just begun', { sinceMs: 9_999 }, null],
  [
    'nobody reads',
    { consuming: { isConsuming: false, waiting: 3 } },
    'payment-service has not reacted to inventory.reserved for 40 s; it is not consuming',
  ],
  [
    'nobody has read for three seconds',
    { sinceMs: 3_000, consuming: { isConsuming: false, waiting: 1 } },
    'payment-service has not reacted to inventory.reserved for 3 s; it is not consuming',
  ],
  ['nobody has read for a second', { sinceMs: 1_000, consuming: { isConsuming: false, waiting: 1 } }, null],
  [
    'others are before it',
    { consuming: { isConsuming: true, waiting: 7 } },
    'payment-service has not reacted to inventory.reserved for 40 s; it is consuming, with 7 messages before it',
  ],
  [
    'it was read',
    {},
    'payment-service has not reacted to inventory.reserved for 40 s; it is consuming, and has nothing left to read',
  ],
  [
    'its service has warned',
    { warning: 'outcome of a provider call is unknown' },
    'payment-service has not reacted to inventory.reserved for 40 s; it says: outcome of a provider call is unknown',
  ],
  [
    'the broker is away',
    { consuming: undefined },
    'payment-service has not reacted to inventory.reserved for 40 s; the broker does not say whether it is consuming',
  ],
  ['it is parked', { sinceMs: 0, trouble: trouble({}) }, 'parked in product-service, third attempt at 12:01:07'],
  [
    'it is parked for the last time',
    { trouble: trouble({ attempt: 7 }) },
    'parked in product-service, eighth attempt at 12:01:07',
  ],
  [
    'it is dead',
    { trouble: trouble({ service: 'payment-service', outcome: 'dead', reason: 'schema' }) },
    'dead in payment-service: schema; waits for a person',
  ],
  ['it is redriven', { trouble: trouble({ outcome: 'redriven' }) }, 'redriven in product-service, tried again at once'],
  [
    'its deadline passed',
    { expectation: late, lateMs: 12_300 },
    'order-service has not yet cancelled it although its deadline passed 12 s ago',
  ],
  [
    'its deadline passed and order-service is away',
    { expectation: late, lateMs: 12_300, consuming: { isConsuming: false, waiting: 0 } },
    'order-service has not yet cancelled it although its deadline passed 12 s ago; it is not consuming',
  ],
  ['its deadline has just passed', { expectation: late, lateMs: 1_999 }, null],
  [
    'the money has to come back',
    { expectation: refund },
    'payment-service has not reacted to order.cancelled for 40 s; it is consuming, and has nothing left to read',
  ],
])('when %s', (_when, change, sentence) => {
  expect(whyStuck({ ...standing, ...change })).toBe(sentence)
})
