import { availability } from '../../src/faults/measure/promises'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString()
const fault = (kind: string, from: number, to: number) => ({ kind, at: at(from), healedAt: at(to) })
/** Asked a second before it was answered. */
const answered = (second: number, attempts = 1) => ({ at: at(second), tookMs: 1_000, attempts })

test.each([
  { what: 'while the broker is away', faults: [fault('kill-broker', 10, 20)], orders: [answered(15)], asked: 1 },
  { what: 'before', faults: [fault('kill-broker', 10, 20)], orders: [answered(10)], asked: 0 },
  { what: 'afterwards', faults: [fault('kill-broker', 10, 20)], orders: [answered(25)], asked: 0 },
  {
    what: 'while something else is broken too',
    faults: [fault('kill-broker', 10, 20), fault('kill-order', 14, 16)],
    orders: [answered(15), answered(19)],
    asked: 1,
  },
  {
    what: 'while only something else is broken',
    faults: [fault('kill-order', 10, 20)],
    orders: [answered(15)],
    asked: 0,
  },
])('an order placed $what counts $asked times', ({ faults, orders, asked }) => {
  expect(availability(orders, faults)).toEqual({ asked, answered: asked })
})

test('an order that needed a second attempt is asked and not answered', () => {
  const faults = [fault('freeze-broker', 10, 20)]
  expect(availability([answered(12), answered(15, 2)], faults)).toEqual({ asked: 2, answered: 1 })
})
