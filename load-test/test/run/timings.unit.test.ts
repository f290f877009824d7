import { TimingRecorder } from '../../src/run/timings'

function recorded(...all: number[]): TimingRecorder {
  const recorder = new TimingRecorder()
  for (const ms of all) recorder.record(ms)
  return recorder
}

it('keeps three digits of a microsecond as of an hour', () => {
  for (const ms of [0.123, 1.23, 45.6, 7_890, 3_599_000]) {
    const { p50Ms, maxMs } = recorded(ms).timings
    expect(Math.abs(p50Ms - ms) / ms).toBeLessThan(0.001)
    expect(Math.abs(maxMs - ms) / ms).toBeLessThan(0.001)
  }
})

it('no percentile lies above the highest time', () => {
  const { p50Ms, p99Ms, p999Ms, maxMs } = recorded(...Array.from({ length: 500 }, (_, n) => 345.678 + n)).timings
  expect(p999Ms).toBeLessThanOrEqual(maxMs)
  expect(p50Ms).toBeLessThan(p99Ms)
})

it('a clock that stood still or a time without end do no harm', () => {
  expect(recorded(-0.01, 0).timings).toMatchObject({ count: 2, maxMs: 0 })
  expect(recorded(1e9).timings.maxMs).toBeGreaterThan(3_590_000)
})

it('nothing is nothing', () => {
  expect(recorded().timings).toMatchObject({ count: 0, meanMs: 0, p99Ms: 0, maxMs: 0 })
  expect(recorded().bins).toEqual([])
})

it('counts by how long it took, from the quickest to the slowest', () => {
  expect(recorded(4, 5, 5.1, 12, 12).bins).toEqual([
    { upToMs: 5, count: 2 },
    { upToMs: 7, count: 1 },
    { upToMs: 10, count: 0 },
    { upToMs: 15, count: 2 },
  ])
})
