import type { JourneyLine } from '../../console/src/api/answers'
import { filtersOf, isOrderId, isShown, mergeLines } from '../../console/src/view/filters'

const line = (orderId: string, change: Partial<JourneyLine> = {}): JourneyLine => ({
  orderId,
  customerId: 'c1',
  status: 'pending',
  reason: null,
  placedAt: '2026-11-29T12:00:00.000Z',
  endedAt: null,
  ageMs: 30_000,
  totalMinor: null,
  currency: null,
  isStuck: false,
  waitsFor: null,
  ...change,
})

test.each([
  [{}, true],
  [{ status: 'pending' }, true],
  [{ status: 'paid' }, false],
  [{ reason: 'out_of_stock' }, false],
  [{ customerId: 'c1' }, true],
  [{ customerId: 'c2' }, false],
  [{ olderThanS: '30' }, true],
  [{ olderThanS: '31' }, false],
  [{ q: 'AB' }, true],
  [{ q: 'b' }, false],
  [{ stuck: 'true' }, false],
] as [Record<string, string>, boolean][])('an order of 30 s, pending, looked for by %j: %s', (query, expected) => {
  expect(isShown(line('ab'), filtersOf(query))).toBe(expected)
})

test('what is told replaces what was known, newest first, and leaves a list it does not belong to any more', () => {
  const known = [line('b'), line('a')]
  const told = [line('c'), line('b', { status: 'paid' }), line('b', { status: 'paid', ageMs: 1 })]
  const all = mergeLines(known, told, filtersOf({}), 10)
  expect(all.map(({ orderId, status }) => [orderId, status])).toEqual([
    ['c', 'pending'],
    ['b', 'paid'],
    ['a', 'pending'],
  ])
  expect(mergeLines(known, told, filtersOf({ status: 'pending' }), 10).map(({ orderId }) => orderId)).toEqual([
    'c',
    'a',
  ])
  expect(mergeLines(known, told, filtersOf({}), 2).map(({ orderId }) => orderId)).toEqual(['c', 'b'])
})

test('only a whole order id leads straight to its journey', () => {
  expect(isOrderId('019aa4d2-7c1e-7b3a-9d0f-0d6b1a6a2f11')).toBe(true)
  expect(isOrderId('019AA4D2-7C1E-7B3A-9D0F-0D6B1A6A2F11')).toBe(true)
  expect(isOrderId('019aa4d2')).toBe(false)
  expect(isOrderId('019aa4d2-7c1e-4b3a-9d0f-0d6b1a6a2f11')).toBe(false)
})
