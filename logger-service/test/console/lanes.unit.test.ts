import { type EventRow, lanesOf, rowInWords } from '../../console/src/view/lanes'
import { bare, stepOf } from './journeys'

const created = stepOf('e1', 'order.created', 'order-service')
const reserved = stepOf('e2', 'inventory.reserved', 'product-service')
const failed = stepOf('e3', 'payment.failed', 'payment-service', { reason: 'declined' })
const rowsOf = (change: Partial<typeof bare>) => lanesOf({ ...bare, ...change }).rows as EventRow[]
const touchesOf = (row: EventRow | undefined) => row?.arrows.map(({ service, touch }) => [service, touch])

test('an event goes from its publisher to whoever reacts', () => {
  const [row] = rowsOf({ steps: [created] })
  expect(row?.lane).toBe(0)
  expect(row?.arrows.map(({ lane }) => lane)).toEqual([1, 4])
})

test('a reaction that undoes is told from one that does', () => {
  const [row] = rowsOf({ steps: [failed] })
  expect(touchesOf(row)).toEqual([
    ['product-service', 'undoes'],
    ['order-service', 'handled'],
  ])
  expect(row && rowInWords(row)).toBe('payment-service → order-service; undoing own work: product-service')
})

const trouble = {
  at: '2026-11-29T12:00:01.000Z',
  service: 'payment-service',
  event: 'e2',
  type: 'inventory.reserved',
  outcome: 'parked' as const,
  attempt: 3,
  nextAttemptAt: null,
  reason: 'transient',
  error: null,
}

test('what is expected next, is parked or dead is drawn there and nowhere else', () => {
  const again = stepOf('e5', 'inventory.reserved', 'product-service', { repeats: 'e2' })
  const payments = (change: Partial<typeof bare>) =>
    rowsOf({ steps: [created, reserved], ...change })
      .map((row) => row.arrows.find(({ service }) => service === 'payment-service')?.touch)
      .slice(1)
  const waitsFor = { service: 'payment-service', reactsTo: 'inventory.reserved', sinceMs: 1 }
  expect(payments({})).toEqual(['handled'])
  expect(payments({ waitsFor })).toEqual(['waited-for'])
  expect(payments({ waitsFor, steps: [created, reserved, again] })).toEqual(['handled', 'waited-for'])
  expect(payments({ waitsFor: { ...waitsFor, reactsTo: null } })).toEqual(['handled'])
  expect(payments({ waitsFor, parked: [trouble] })).toEqual(['parked'])
  expect(payments({ parked: [trouble], deadLetter: { ...trouble, outcome: 'dead' } })).toEqual(['dead'])
})

test('attempts and ignored repeats are counted at their arrow, and said in words', () => {
  const attempts = [{ ...trouble, attempt: 1 }, trouble, { ...trouble, service: 'order-service', attempt: null }]
  const duplicates = [{ service: 'payment-service', type: 'inventory.reserved', count: 2 }]
  const [row] = rowsOf({ steps: [reserved], attempts, duplicates })
  expect(row && rowInWords(row)).toBe(
    'product-service → order-service, payment-service (3 attempts, 2 repeated, ignored)',
  )
})

test('a fact that nobody reacts to is for information', () => {
  const [row] = rowsOf({
    steps: [stepOf('e4', 'inventory.released', 'product-service', { compensates: 'inventory.reserved' })],
  })
  expect(row && rowInWords(row)).toBe('product-service, for information')
  expect(row?.undoes).toBe('inventory.reserved')
})

test('a mail stands where it was sent, and moves no event', () => {
  const at = (second: number) => `2026-11-29T12:00:0${second}.000Z`
  const steps = [
    { ...created, at: at(3) },
    // an earlier clock, later by cause
    { ...reserved, at: at(1) },
    { ...failed, at: at(5) },
  ]
  const mails = [{ at: at(4), kind: 'order_cancelled', channel: 'e-mail', state: 'sent' }]
  const rows = lanesOf({ ...bare, steps, mails }).rows
  expect(rows.map((row) => (row.kind === 'event' ? row.type : row.text))).toEqual([
    'order.created',
    'inventory.reserved',
    'order cancelled by e-mail: sent',
    'payment.failed',
  ])
})

test('a service without a lane gets no arrow', () => {
  const { rows } = lanesOf({ ...bare, lanes: ['order-service'], steps: [created] })
  expect((rows[0] as EventRow).arrows).toEqual([])
})
