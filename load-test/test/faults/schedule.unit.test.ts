import { catalogue, faultOf } from '../../src/faults/catalogue'
import { schedule } from '../../src/faults/schedule'
import { chaosMs, faultsIn, full, only, quick, soak } from '../../src/faults/size'

const timesOf = (kind: string, appointments: readonly { kind: string }[]) =>
  appointments.filter((one) => one.kind === kind).length

it.each([
  ['quick', quick],
  ['full', full],
  ['soak', soak(30)],
])('the same seed makes the same %s run, another seed another', (_name, size) => {
  expect(schedule(1, size)).toEqual(schedule(1, size))
  expect(schedule(1, size)).not.toEqual(schedule(2, size))
})

it.each([1, 2, 3, 42, 2 ** 31 - 1])(
  'seed %i: a full run has every kind at least five times, 200 faults or more',
  (seed) => {
    const appointments = schedule(seed, full)
    expect(appointments.length).toBeGreaterThanOrEqual(200)
    for (const { kind } of catalogue) expect([kind, timesOf(kind, appointments) >= 5]).toEqual([kind, true])
  },
)

it('a quick run has every kind it promises', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const appointments = schedule(seed, quick)
    expect(appointments).toHaveLength(faultsIn(quick))
    for (const wanted of quick.kinds) {
      const [kind, target] = wanted.split(' ')
      expect(appointments).toContainEqual(expect.objectContaining(target ? { kind, target } : { kind }))
    }
  }
})

it('a run of one kind has nothing else, and each target in turn', () => {
  const appointments = schedule(5, only(full, ['freeze-service']))
  expect(new Set(appointments.map(({ kind }) => kind))).toEqual(new Set(['freeze-service']))
  expect(new Set(appointments.map(({ target }) => target))).toEqual(new Set(faultOf('freeze-service').targets))
})

it('faults come in sequence, last as long as their kind may, and end before the last order', () => {
  const appointments = schedule(9, full)
  expect(appointments.map(({ atMs }) => atMs)).toEqual(appointments.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
  for (const { kind, target, lastsMs } of appointments) {
    const [from, to] = faultOf(kind).lastsMs
    expect(lastsMs).toBeGreaterThanOrEqual(from)
    expect(lastsMs).toBeLessThanOrEqual(to)
    expect(faultOf(kind).targets).toContain(target)
  }
  expect(appointments.at(-1)?.atMs).toBeLessThan(chaosMs(full))
})

it('no two kinds share a name', () => {
  expect(new Set(catalogue.map(({ kind }) => kind)).size).toBe(catalogue.length)
})
