import { type Decision, type Details, newId, type PaymentFailure, type ReservationFailure } from '@order-saga/common'
import { type Order, order } from '../../src'
import { orders, pens, priced } from '../given'

type State = keyof typeof orders

// freezes everything below: a decision that changed its input in place would throw
const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) frozen(part)
  }
  return value
}
frozen(orders)

const told = (decision: Decision): string =>
  'emits' in decision ? decision.emits.map(({ contract }) => ` + ${contract.type}`).join('') : ''

/** What a cell of the protocol's table says, in words. */
function summary(decision: Decision<Order>): string {
  if (decision.kind === 'repeated') return `repeat${told(decision).replace(' +', '')}`
  if (decision.kind !== 'changed') return `${decision.kind} ${decision.reason}`
  const { status, refund, totalMinor } = decision.state
  const money = refund === 'none' ? '' : `, refund ${refund}`
  return `${status}${totalMinor === null ? '' : ' priced'}${money}${told(decision)}`
}

const overdue = (state: Order | undefined) => order.overdueAsked(state, newId)

const events: Record<string, (state: Order | undefined) => Decision<Order>> = {
  'inventory.reserved': (state) => order.inventoryReserved(state, priced, newId),
  'inventory.reservation.failed': (state) =>
    order.reservationFailed(state, { reason: 'out_of_stock', details: {} }, newId),
  'payment.succeeded': (state) => order.paymentSucceeded(state, priced, newId),
  'payment.failed': (state) => order.paymentFailed(state, { reason: 'declined' }, newId),
  'payment.refunded': (state) => order.paymentRefunded(state),
  'inventory.reservation.overdue': overdue,
  'payment.overdue': overdue,
}

/** What only ever meets an order that exists. */
const own: Record<string, (state: Order) => Decision<Order>> = {
  'API cancel': (state) => order.cancelRequested(state, newId),
  'deadline timer': (state) => order.deadlinePassed(state, newId),
  'refund sweep': (state) => order.refundOverdue(state, newId),
}

const UNKNOWN = 'parked unknown_order'
const TOLD_PAID = 'repeat order.paid'
const TOLD_CANCELLED = 'repeat order.cancelled'
const OVER = 'ignored already_cancelled'

const table: Record<string, Record<Exclude<State, 'absent'>, string> & { absent?: string }> = {
  'inventory.reserved': {
    absent: UNKNOWN,
    pending: 'pending priced',
    'pending, priced': 'ignored already_priced',
    paid: 'ignored already_priced',
    'paid, refunded': 'ignored already_priced',
    cancelled: TOLD_CANCELLED,
    'cancelled, refund due': TOLD_CANCELLED,
    'cancelled, refunded': TOLD_CANCELLED,
  },
  'inventory.reservation.failed': {
    absent: UNKNOWN,
    pending: 'cancelled + order.cancelled',
    'pending, priced': 'cancelled priced + order.cancelled',
    paid: 'alarm reservation_failed_after_paid',
    'paid, refunded': 'alarm reservation_failed_after_paid',
    cancelled: OVER,
    'cancelled, refund due': OVER,
    'cancelled, refunded': OVER,
  },
  'payment.succeeded': {
    absent: UNKNOWN,
    pending: 'paid priced + order.paid',
    'pending, priced': 'paid priced + order.paid',
    paid: TOLD_PAID,
    'paid, refunded': TOLD_PAID,
    cancelled: 'cancelled, refund due + order.cancelled',
    'cancelled, refund due': TOLD_CANCELLED,
    'cancelled, refunded': TOLD_CANCELLED,
  },
  'payment.failed': {
    absent: UNKNOWN,
    pending: 'cancelled + order.cancelled',
    'pending, priced': 'cancelled priced + order.cancelled',
    paid: 'alarm payment_failed_after_paid',
    'paid, refunded': 'alarm payment_failed_after_paid',
    cancelled: OVER,
    'cancelled, refund due': OVER,
    'cancelled, refunded': OVER,
  },
  'payment.refunded': {
    absent: UNKNOWN,
    pending: 'alarm refunded_while_pending',
    'pending, priced': 'alarm refunded_while_pending',
    paid: 'paid priced, refund done',
    'paid, refunded': 'ignored already_refunded',
    cancelled: 'cancelled, refund done',
    'cancelled, refund due': 'cancelled, refund done',
    'cancelled, refunded': 'ignored already_refunded',
  },
  'inventory.reservation.overdue': {
    absent: UNKNOWN,
    pending: 'repeat order.created',
    'pending, priced': 'repeat order.created',
    paid: TOLD_PAID,
    'paid, refunded': TOLD_PAID,
    cancelled: TOLD_CANCELLED,
    'cancelled, refund due': TOLD_CANCELLED,
    'cancelled, refunded': TOLD_CANCELLED,
  },
  'payment.overdue': {
    absent: UNKNOWN,
    pending: 'repeat order.created',
    'pending, priced': 'repeat order.created',
    paid: TOLD_PAID,
    'paid, refunded': TOLD_PAID,
    cancelled: TOLD_CANCELLED,
    'cancelled, refund due': TOLD_CANCELLED,
    'cancelled, refunded': TOLD_CANCELLED,
  },
  'API cancel': {
    pending: 'cancelled + order.cancelled',
    'pending, priced': 'cancelled priced + order.cancelled',
    paid: 'ignored already_paid',
    'paid, refunded': 'ignored already_paid',
    cancelled: OVER,
    'cancelled, refund due': OVER,
    'cancelled, refunded': OVER,
  },
  'deadline timer': {
    pending: 'cancelled + order.cancelled',
    'pending, priced': 'cancelled priced + order.cancelled',
    paid: 'ignored already_paid',
    'paid, refunded': 'ignored already_paid',
    cancelled: OVER,
    'cancelled, refund due': OVER,
    'cancelled, refunded': OVER,
  },
  'refund sweep': {
    pending: 'ignored nothing_due',
    'pending, priced': 'ignored nothing_due',
    paid: 'ignored nothing_due',
    'paid, refunded': 'ignored nothing_due',
    cancelled: 'ignored nothing_due',
    'cancelled, refund due': TOLD_CANCELLED,
    'cancelled, refunded': 'ignored nothing_due',
  },
}

const decide = (name: string, state: Order | undefined): Decision<Order> => {
  const event = events[name]
  if (event) return event(state)
  if (!state) throw new Error(`${name} never meets an absent order`)
  return own[name]?.(state) ?? fail(name)
}
const fail = (name: string): never => {
  throw new Error(`no such event: ${name}`)
}

const stateOf = (name: string) => orders[name as State]
const cells = Object.entries(table).flatMap(([event, row]) =>
  Object.entries(row).map(([state, expected]) => [event, state, expected] as const),
)

test('the table has every event and every state', () => {
  expect(Object.keys(table).sort()).toEqual([...Object.keys(events), ...Object.keys(own)].sort())
  for (const event of Object.keys(events)) expect(Object.keys(table[event] ?? {})).toEqual(Object.keys(orders))
})

test.each(cells)('%s meets an order that is %s: %s', (event, state, expected) => {
  expect(summary(decide(event, stateOf(state)))).toBe(expected)
})

describe.each(cells)('after %s on an order that was %s', (event, state) => {
  const before = stateOf(state)
  const first = decide(event, before)
  const after = first.kind === 'changed' ? first.state : before

  test('hearing it again changes nothing more', () => {
    const again = decide(event, after)
    expect(again.kind).not.toBe('changed')
    if (first.kind !== 'changed') expect(summary(again)).toBe(summary(first))
  })

  test('every change is one version on, and an end stays the end', () => {
    if (first.kind !== 'changed' || !before) return
    expect(first.state.version).toBe(before.version + 1)
    if (before.status !== 'pending') {
      const { refund: _, version: __, ...kept } = before
      expect(first.state).toMatchObject(kept)
    }
  })

  test('a repeat is a new event that names the first', () => {
    const emits = 'emits' in first ? first.emits : []
    for (const emission of emits) {
      expect(emission.contract.validator.Check(emission.data)).toBe(true)
      if (first.kind === 'repeated')
        expect([before?.createdEventId, before?.verdictEventId]).toContain(emission.repeats)
      expect(emission.id).not.toBe(emission.repeats)
    }
  })
})

test('the first verdict is told under the id the order remembers', () => {
  for (const decision of [decide('payment.succeeded', orders.pending), decide('API cancel', orders.pending)]) {
    if (decision.kind !== 'changed') throw new Error('unchanged')
    expect(decision.emits).toEqual([expect.objectContaining({ id: decision.state.verdictEventId })])
    expect(decision.emits[0]?.repeats).toBeUndefined()
  }
})

test('two repeats are two events', () => {
  const ids = [1, 2].map(() => {
    const decision = decide('payment.overdue', orders.paid)
    return decision.kind === 'repeated' ? decision.emits[0]?.id : undefined
  })
  expect(new Set(ids).size).toBe(2)
})

const stateAfter = (decision: Decision<Order>): Order => {
  if (decision.kind !== 'changed') throw new Error(decision.kind)
  return decision.state
}
const cancelledFor = (decision: Decision<Order>) => {
  const { reason, details } = stateAfter(decision)
  return { reason, details }
}

test.each(['out_of_stock', 'product_unavailable', 'price_changed', 'order_too_large'] satisfies ReservationFailure[])(
  'a reservation that failed with %s cancels with the same reason and details',
  (reason) => {
    const details: Details = { productIds: [pens.productId], actualTotalMinor: 7 }
    expect(cancelledFor(order.reservationFailed(orders.pending, { reason, details }, newId))).toEqual({
      reason,
      details,
    })
  },
)

test.each(['declined', 'insufficient_funds', 'card_expired', 'invalid_payment_method'] satisfies PaymentFailure[])(
  'a payment refused as %s cancels as payment_declined and says why',
  (reason) => {
    expect(cancelledFor(order.paymentFailed(orders.pending, { reason }, newId))).toEqual({
      reason: 'payment_declined',
      details: { paymentReason: reason },
    })
  },
)

test('the customer and the deadline have reasons of their own', () => {
  expect(cancelledFor(decide('API cancel', orders.pending))).toEqual({ reason: 'customer_request', details: {} })
  expect(cancelledFor(decide('deadline timer', orders.pending))).toEqual({ reason: 'timed_out', details: {} })
})

test('the first reservation tells the prices, a later one does not change them', () => {
  const dearer = { ...priced, totalMinor: priced.totalMinor + 1 }
  const first = stateAfter(order.inventoryReserved(orders.pending, priced, newId))
  expect(first).toMatchObject(priced)
  expect(stateAfter(order.paymentSucceeded(first, dearer, newId))).toMatchObject(priced)
})

test('a payment that overtook the reservation tells the prices itself', () => {
  expect(stateAfter(order.paymentSucceeded(orders.pending, priced, newId))).toMatchObject({ ...priced, status: 'paid' })
})

test('a question about a pending order is answered with what was asked for, without prices', () => {
  const decision = decide('payment.overdue', { ...orders['pending, priced'], expectedTotalMinor: 2500 })
  expect(decision).toMatchObject({
    kind: 'repeated',
    emits: [{ data: { lines: [pens], expectedTotalMinor: 2500, paymentToken: 'tok_visa', fromCart: false } }],
  })
})

test('the refund that is due is told with the verdict, so that payment gives the money back', () => {
  const decision = decide('payment.succeeded', orders.cancelled)
  expect(decision).toMatchObject({ emits: [{ data: { refund: 'due' }, repeats: orders.cancelled.verdictEventId }] })
})
