import { pollAfterMs } from '../src/http/order-view'

describe('the pause that a pending order hints at', () => {
  const nowMs = Date.parse('2026-01-01T00:01:00.000Z')
  it.each([
    ['2026-01-01T00:01:00.000Z', 50],
    ['2026-01-01T00:00:59.000Z', 500],
    ['2026-01-01T00:00:54.000Z', 3_000],
    ['2026-01-01T00:00:00.000Z', 5_000],
    // another host's clock
    ['2026-01-01T00:02:00.000Z', 50],
  ])('of an order placed at %s is %d ms a minute after midnight', (createdAt, expected) => {
    expect(pollAfterMs(createdAt, nowMs)).toBe(expected)
  })
})
