import { TimingRecorder } from '../../src/run/timings'
import { Arrivals } from '../../src/shoppers/arrivals'

const BEGAN_MS = 5_000
const looked = (arrivals: Arrivals, ms: number) => [...arrivals.due(BEGAN_MS + ms)].map((dueMs) => dueMs - BEGAN_MS)

it('customers come one interval apart, the first at once', () => {
  const arrivals = new Arrivals(100, BEGAN_MS)
  expect(looked(arrivals, 0)).toEqual([0])
  expect(looked(arrivals, 9.9)).toEqual([])
  expect(looked(arrivals, 30)).toEqual([10, 20, 30])
  expect(arrivals.nextMs).toBe(BEGAN_MS + 40)
})

it('nobody is left out by a look that comes late, and each knows when it was due', () => {
  const arrivals = new Arrivals(100, BEGAN_MS)
  expect(looked(arrivals, 0)).toEqual([0])
  const late = looked(arrivals, 1_000)
  expect(late).toHaveLength(100)
  expect([late[0], late.at(-1)]).toEqual([10, 1_000])
})

it('any rate, over a long time, stays exact', () => {
  const arrivals = new Arrivals(333, 0)
  let come = 0
  for (let ms = 0; ms < 60_000; ms += 7) for (const _ of arrivals.due(ms)) come++
  expect(come).toBe(Math.floor((59_997 * 333) / 1_000) + 1)
})

/** A shop that answers in 1 ms but stands still from 1,000 to 2,000 ms, asked 100 times a second for ten seconds. */
function answeredAtMs(askedMs: number): number {
  return askedMs >= 1_000 && askedMs < 2_000 ? 2_000 : askedMs + 1
}

it('a stall cannot hide: an open loop measures from when customers were due, a closed one leaves them out', () => {
  const [open, closed] = [new TimingRecorder(), new TimingRecorder()]
  for (const dueMs of new Arrivals(100, 0).due(9_999)) open.record(answeredAtMs(dueMs) - dueMs)
  for (let nowMs = 0; nowMs < 10_000; ) {
    const answeredMs = answeredAtMs(nowMs)
    closed.record(answeredMs - nowMs)
    nowMs = Math.max(answeredMs, nowMs + 10)
  }
  // a tenth of the customers came during the stall, one of them in the closed loop
  expect(open.timings).toMatchObject({ count: 1_000, maxMs: 1_000 })
  expect(open.timings.p95Ms).toBeGreaterThan(400)
  expect(open.timings.p99Ms).toBeGreaterThan(850)
  expect(closed.timings).toMatchObject({ maxMs: 1_000, p99Ms: 1 })
})
