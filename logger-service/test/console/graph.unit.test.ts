import { catalogue, reactions } from '@order-saga/common'
import { barsOf } from '../../console/src/view/bars'
import { graphOf, ROW, thickness } from '../../console/src/view/graph'
import { choreographyOf } from '../../src/domain/choreography'

/** The shop as it is. */
const shop = choreographyOf(new Map())

test('every event has a row of its own, and no service stands on another or outside', () => {
  const { height, events, publishers, readers } = graphOf(shop)
  expect(new Set(events.map(({ y }) => y)).size).toBe(catalogue.length)
  for (const nodes of [publishers, readers]) {
    const ys = nodes.map(({ y }) => y)
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...ys)).toBeLessThanOrEqual(height)
    const gaps = ys.slice(1).map((y, at) => y - (ys[at] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(ROW)
  }
})

test('every reaction has its line, and what undoes is marked', () => {
  const { published, read } = graphOf(shop)
  expect(published).toHaveLength(catalogue.length)
  expect(read).toHaveLength(Object.values(reactions).flat().length)
  expect(read.filter(({ undoes }) => undoes).map(({ event }) => event)).toEqual(
    ['payment.failed', 'order.cancelled', 'order.cancelled', 'order.cancelled'].sort((a, b) => (a < b ? -1 : 1)),
  )
})

test('a shop without events has an empty graph', () => {
  expect(graphOf({ services: [], events: [] })).toMatchObject({ height: 0, publishers: [], readers: [], read: [] })
})

test('a line grows with the rate, up to a limit', () => {
  expect(thickness(0)).toBe(1)
  expect(thickness(10)).toBeGreaterThan(thickness(1))
  expect(thickness(1e9)).toBe(5)
})

test('bars end at the newest minute, and older ones than fit are left out', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 29, 12, minute)).toISOString()
  const minutes = [
    { at: at(0), placed: 9, cancelled: 0 },
    { at: at(5), placed: 4, cancelled: 1 },
    { at: at(6), placed: 0, cancelled: 0 },
    { at: at(7), placed: 8, cancelled: 9 },
  ]
  const bars = barsOf(minutes, 3).map(({ x, height, cancelled }) => [x, height, cancelled])
  expect(bars).toEqual([
    [0, 4 / 9, 1 / 9],
    [2, 8 / 9, 8 / 9],
  ])
  expect(barsOf([], 3)).toEqual([])
})
