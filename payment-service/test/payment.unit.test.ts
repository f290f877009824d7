import { type Decision, inventoryReserved, newId, orderCancelled, orderPaid } from '@order-saga/common'
import {
  absentPayment,
  askForVerdict,
  callOf,
  chargeReserved,
  type Payment,
  type ProviderAnswer,
  paymentStates,
  recordAnswer,
  refundByHand,
  refuseOrRefund,
  settlePayment,
} from '../src/domain'
import { order } from './given'

const answerId = '01976f3e-8c00-7000-8000-0000000000a1'
const refundAnswerId = '01976f3e-8c00-7000-8000-0000000000a2'
const token = 'tok_visa'
const deadlineAt = '2026-01-01T12:02:00.000Z'

const known = { ...absentPayment, order, deadlineAt } as const
const given = {
  absent: absentPayment,
  charging: { ...known, state: 'charging', paymentToken: token },
  'charging, cancelled': { ...known, state: 'charging', paymentToken: token, cancel: true },
  captured: { ...known, state: 'captured', chargeId: 'ch_1', answerId },
  settled: { ...known, state: 'settled', chargeId: 'ch_1', answerId },
  failed: { ...known, state: 'failed', reason: 'card_expired', answerId },
  voided: { ...known, state: 'voided', cancel: true, reason: 'declined' },
  'voided by a tombstone': { ...absentPayment, state: 'voided' },
  refunding: { ...known, state: 'refunding', chargeId: 'ch_1', answerId, refundBy: 'cancellation' },
  'refunding by hand': { ...known, state: 'refunding', chargeId: 'ch_1', answerId, refundBy: 'administrator' },
  refunded: { ...known, state: 'refunded', chargeId: 'ch_1', answerId, refundBy: 'cancellation', refundAnswerId },
  'refunded by hand': {
    ...known,
    state: 'refunded',
    chargeId: 'ch_1',
    answerId,
    refundBy: 'administrator',
    refundAnswerId,
  },
} as const satisfies Record<string, Payment>
type Given = keyof typeof given
const all = Object.keys(given) as Given[]

const inputs = {
  'inventory.reserved': (p: Payment) => chargeReserved(p, inventoryReserved.example, newId),
  'order.cancelled': (p: Payment) => refuseOrRefund(p, orderCancelled.example, newId),
  'order.paid': (p: Payment) => settlePayment(p, orderPaid.example, newId),
  'provider ok': (p: Payment) => recordAnswer(p, { kind: 'succeeded', chargeId: 'ch_1' }, newId),
  'provider declined': (p: Payment) => recordAnswer(p, { kind: 'declined', reason: 'insufficient_funds' }, newId),
  'provider unknown': (p: Payment) => recordAnswer(p, { kind: 'unknown', why: 'timeout' }, newId),
  'provider forgotten': (p: Payment) => recordAnswer(p, { kind: 'forgotten' }, newId),
  'provider refunded': (p: Payment) => recordAnswer(p, { kind: 'refunded' }, newId),
  'refund by hand': (p: Payment) => refundByHand(p, { reason: 'broken on arrival' }, newId),
  'overdue sweep': (p: Payment) => askForVerdict(p, undefined, newId),
} as const
type Input = keyof typeof inputs

// what a cell says: a new state with what is told, a repeated answer, an alarm, or nothing and why
const inWords = (decision: Decision<Payment>): string => {
  const told = 'emits' in decision ? decision.emits.map((e) => e.contract.type + (e.repeats ? ' again' : '')) : []
  if (decision.kind === 'changed') {
    const { state, cancel, attention } = decision.state
    const flags = [state === 'charging' && cancel && 'cancel', attention && `attention: ${attention}`]
    return [`→ ${state}`, ...flags, ...told].filter(Boolean).join(', ')
  }
  return decision.kind === 'repeated' ? told.join(', ') : `${decision.kind}: ${decision.reason}`
}

const alreadyIn = (...states: Given[]) =>
  Object.fromEntries(states.map((s) => [s, `ignored: already_${given[s].state}`])) as Record<Given, string>
const neverCalled = { absent: 'ignored: never_called', 'voided by a tombstone': 'ignored: never_called' }

const table: Record<Input, Record<Given, string>> = {
  'inventory.reserved': {
    ...alreadyIn(...all),
    absent: '→ charging',
    captured: 'payment.succeeded again',
    failed: 'payment.failed again',
  },
  'order.cancelled': {
    ...alreadyIn(...all),
    absent: '→ voided',
    charging: '→ charging, cancel',
    'charging, cancelled': 'ignored: already_cancelled',
    captured: '→ refunding',
    settled: 'alarm: cancelled_after_paid',
    refunded: 'payment.refunded again',
    'refunded by hand': 'payment.refunded again',
  },
  'order.paid': {
    absent: 'alarm: paid_while_absent',
    charging: 'alarm: paid_while_charging',
    'charging, cancelled': 'alarm: paid_while_charging',
    captured: '→ settled',
    settled: 'ignored: already_settled',
    failed: 'alarm: paid_while_failed',
    voided: 'alarm: paid_while_voided',
    'voided by a tombstone': 'alarm: paid_while_voided',
    refunding: 'alarm: paid_while_refunding',
    'refunding by hand': 'ignored: refunded_since',
    refunded: 'alarm: paid_while_refunded',
    'refunded by hand': 'ignored: refunded_since',
  },
  'provider ok': {
    ...alreadyIn(...all),
    absent: 'alarm: captured_without_order',
    charging: '→ captured, payment.succeeded',
    'charging, cancelled': '→ refunding',
    failed: '→ refunding, attention: captured_after_verdict',
    voided: '→ refunding, attention: captured_after_verdict',
    'voided by a tombstone': 'alarm: captured_without_order',
  },
  'provider declined': {
    ...alreadyIn(...all),
    ...neverCalled,
    charging: '→ failed, payment.failed',
    'charging, cancelled': '→ voided',
  },
  'provider unknown': {
    ...(Object.fromEntries(all.map((s) => [s, 'ignored: outcome_unknown'])) as Record<Given, string>),
    ...neverCalled,
  },
  'provider forgotten': {
    ...alreadyIn(...all),
    ...neverCalled,
    charging: '→ charging, attention: outcome_unknown',
    'charging, cancelled': '→ charging, cancel, attention: outcome_unknown',
    refunding: '→ refunding, attention: outcome_unknown',
    'refunding by hand': '→ refunding, attention: outcome_unknown',
  },
  'provider refunded': {
    ...alreadyIn(...all),
    ...neverCalled,
    refunding: '→ refunded, payment.refunded',
    'refunding by hand': '→ refunded, payment.refunded',
  },
  'refund by hand': {
    absent: 'ignored: no_payment',
    charging: 'ignored: not_settled_yet',
    'charging, cancelled': 'ignored: not_settled_yet',
    captured: 'ignored: not_settled_yet',
    settled: '→ refunding',
    failed: 'ignored: nothing_captured',
    voided: 'ignored: nothing_captured',
    'voided by a tombstone': 'ignored: nothing_captured',
    refunding: 'ignored: refund_known',
    'refunding by hand': 'ignored: refund_known',
    refunded: 'ignored: refund_known',
    'refunded by hand': 'ignored: refund_known',
  },
  'overdue sweep': { ...alreadyIn(...all), captured: 'payment.overdue' },
}

describe.each(Object.keys(inputs) as Input[])('%s', (input) => {
  test.each(all)('on a payment that is %s', (state) => {
    expect(inWords(inputs[input](given[state]))).toBe(table[input][state])
  })
})

test('every state of the machine is in the table', () => {
  expect(new Set(all.map((name) => given[name].state))).toEqual(new Set(paymentStates))
})

test('a decision leaves the state it was given untouched', () => {
  const before = JSON.stringify(given)
  for (const state of all) for (const input of Object.values(inputs)) input(Object.freeze({ ...given[state] }))
  expect(JSON.stringify(given)).toBe(before)
})

test('the state survives JSON', () => {
  for (const state of all)
    for (const input of Object.values(inputs)) {
      const decision = input(given[state])
      if (decision.kind === 'changed') expect(JSON.parse(JSON.stringify(decision.state))).toEqual(decision.state)
    }
})

describe('the same input twice', () => {
  const cells = (Object.keys(inputs) as Input[])
    .flatMap((input) => all.map((state) => [input, state] as const))
    .filter(([input, state]) => inputs[input](given[state]).kind === 'changed')
  test.each(cells)('%s on %s moves no money a second time', (input, state) => {
    const first = inputs[input](given[state])
    if (first.kind !== 'changed') throw new Error(first.kind)
    const second = inputs[input](first.state)
    expect(second.kind).not.toBe('changed')
    expect(second.kind).not.toBe('alarm')
    // an answer told again is a new event that names the first
    if (second.kind === 'repeated' && input !== 'overdue sweep')
      expect(second.emits.every(({ repeats }) => repeats !== undefined)).toBe(true)
  })
})

describe('a repeated answer', () => {
  test.each([
    ['captured', 'inventory.reserved', answerId],
    ['failed', 'inventory.reserved', answerId],
    ['refunded', 'order.cancelled', refundAnswerId],
  ] as const)('of a payment that is %s has a new id and names the first', (state, input, first) => {
    const decision = inputs[input](given[state])
    if (decision.kind !== 'repeated') throw new Error(decision.kind)
    expect(decision.emits).toMatchObject([{ repeats: first }])
    expect(decision.emits[0]?.id).not.toBe(first)
  })

  test('tells the reason of the first refusal', () => {
    const decision = inputs['inventory.reserved'](given.failed)
    expect(decision).toMatchObject({ emits: [{ data: { ...order, reason: 'card_expired' } }] })
  })
})

test('the first answer remembers its own id, to be named when it is repeated', () => {
  for (const [state, input] of [
    ['charging', 'provider ok'],
    ['charging', 'provider declined'],
  ] as const) {
    const decision = inputs[input](given[state])
    if (decision.kind !== 'changed') throw new Error(decision.kind)
    expect(decision.state.answerId).toBe(decision.emits[0]?.id)
  }
})

test('exactly what was reserved is what is told', () => {
  const charging = inputs['inventory.reserved'](absentPayment)
  if (charging.kind !== 'changed') throw new Error(charging.kind)
  const { paymentToken: _, deadlineAt: __, ...facts } = inventoryReserved.example
  expect(charging.state.order).toEqual(facts)
  expect(inputs['provider ok'](charging.state)).toMatchObject({ emits: [{ data: facts }] })
})

test('the payment token is kept only while it may be charged', () => {
  const answers: ProviderAnswer[] = [
    { kind: 'succeeded', chargeId: 'ch_1' },
    { kind: 'declined', reason: 'declined' },
  ]
  for (const state of ['charging', 'charging, cancelled'] as const)
    for (const answer of answers) {
      const decision = recordAnswer(given[state], answer, newId)
      expect(decision).toMatchObject({ kind: 'changed', state: { paymentToken: null } })
    }
})

test('only money that moves, or may be moving, is asked about', () => {
  const calls = all.map((state) => [state, callOf(given[state])]).filter(([, call]) => call)
  expect(Object.fromEntries(calls)).toEqual({
    charging: 'charge',
    'charging, cancelled': 'charge',
    refunding: 'refund',
    'refunding by hand': 'refund',
  })
})

test('a payment found after all needs no attention any more', () => {
  const lost: Payment = { ...given.charging, attention: 'outcome_unknown' }
  expect(inputs['provider ok'](lost)).toMatchObject({ state: { state: 'captured', attention: null } })
  expect(inputs['provider forgotten'](lost)).toEqual({ kind: 'ignored', reason: 'needs_attention' })
})
