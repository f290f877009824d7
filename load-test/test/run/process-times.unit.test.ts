import { difference, readStat, ticksOf } from '../../src/run/process-times'

const line = (comm: string, parent: number, ...ticks: readonly [number, number, number, number]) =>
  `7 (${comm}) S ${parent} 7 7 0 -1 4194560 100 0 0 0 ${ticks.join(' ')} 20 0 11 0 12345 1000000 100`

it('reads a process whose name looks like the rest of the line', () => {
  expect(readStat(7, line('a) R 1 (b', 42, 10, 20, 300, 4_000))).toEqual({ pid: 7, parent: 42, ticks: 4_330 })
})

it('a server is itself, its children and theirs', () => {
  const stats = [
    { pid: 1, parent: 0, ticks: 1 },
    { pid: 10, parent: 1, ticks: 10 },
    { pid: 11, parent: 10, ticks: 100 },
    { pid: 12, parent: 11, ticks: 1_000 },
    { pid: 20, parent: 1, ticks: 10_000 },
  ]
  expect(ticksOf(10, stats)).toBe(1_110)
  expect(ticksOf(99, stats)).toBe(0)
})

it('what was used before the clock started does not count', () => {
  expect(difference({ a: 5, gone: 3 }, { a: 7.5, new: 1 })).toEqual({ a: 2.5, new: 1 })
})
