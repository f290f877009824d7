import { countKinds, type Judgement, wrongsIn } from '../../src/faults/judgement'
import { countWindows, type Measured } from '../../src/faults/measure/counters'

const happened = (kind: string, hasStruck = true) => ({
  n: 0,
  kind,
  target: 'it',
  atMs: 0,
  healedMs: 1,
  at: '',
  healedAt: '',
  hasStruck,
})

const nothing: Measured = {
  metrics: { sum: () => 0 },
  logs: { channelsClosed: 0, consumersCancelled: 0, heartbeatsMissed: 0, blocked: 0, deadlocks: 0, crashes: 0 },
  clients: {
    accepted: new Set(),
    acceptances: [],
    cancelsRefused: new Set(),
    replays: 0,
    keysReused: 0,
    conflicts: 0,
    aborted: 0,
    drains: [],
    poisons: [],
    endedMs: [],
  },
  facts: {
    orders: new Map(),
    charges: new Map(),
    net: new Map(),
    oversold: 0,
    held: 0,
    untold: 0,
    told: 0,
    productTombstones: 0,
    paymentTombstones: 0,
    refundedLate: 0,
    unknownThenPaid: 0,
    unknownThenDeclined: 0,
    overdueAnswered: 0,
    mailRetries: 0,
    mailCopies: 0,
    mailCopiesWithAnotherId: 0,
  },
  cutCommits: 0,
}

const minimumOf = (name: string, orders: number, kinds: readonly string[]) =>
  countWindows(
    nothing,
    orders,
    kinds.map((kind) => happened(kind)),
  ).find((counter) => counter.name === name)

describe('dangerous windows', () => {
  it('a run that reached none of them is short of every one it could have reached', () => {
    const counters = countWindows(nothing, 300, [happened('cut-commit')])
    expect(counters.filter(({ isShort }) => isShort).map(({ name }) => name)).toContain(
      'commits done whose answer was cut off',
    )
    expect(counters.filter(({ minimum }) => minimum > 0).every(({ isShort }) => isShort)).toBe(true)
  })

  const cuts = (times: number) => Array<string>(times).fill('cut-commit')

  it.each([
    [10_000, 5, 30],
    [1_000, 5, 3],
    [100, 5, 1],
    [100, 1, 1],
    // a soak has many orders and few faults
    [10_000, 1, 6],
    [3_600, 1, 6],
  ])(
    '%i orders and %i of the five faults a full run has of that kind lead there %i times',
    (orders, faults, minimum) => {
      expect(minimumOf('commits done whose answer was cut off', orders, cuts(faults))).toMatchObject({ minimum })
    },
  )

  it('is not demanded when nothing that leads there has struck', () => {
    expect(minimumOf('heartbeats missed', 10_000, ['kill-order'])).toMatchObject({ minimum: 0, isShort: false })
  })
})

const sound: Omit<Judgement, 'wrongs' | 'isPassed'> = {
  state: {} as Judgement['state'],
  kinds: [],
  counters: [],
  promises: [],
  growth: [],
  levels: [],
  audit: { invariants: [], violationCount: 0, tookMs: 0 },
  endedMs: [],
  isQuiet: true,
}

describe('a judgement', () => {
  it('finds nothing wrong with a sound run', () => {
    expect(wrongsIn(sound)).toEqual([])
  })

  it.each([
    ['a shop that does not come to rest', { isQuiet: false }],
    ['a kind that struck too seldom', { kinds: [{ kind: 'x', planned: 2, struck: 1 }] }],
    ['a short counter', { counters: [{ name: 'x', reached: 0, minimum: 1, isShort: true }] }],
    ['a broken promise', { promises: [{ says: 'x', measured: '1', isKept: false }] }],
    ['growth', { growth: [{ what: 'x', from: 1, to: 9, isTooMuch: true }] }],
    [
      'a violation',
      {
        audit: {
          invariants: [{ id: 'M1' as const, says: '', checked: 1, violations: ['x'], violationCount: 1 }],
          violationCount: 1,
          tookMs: 0,
        },
      },
    ],
  ])('fails for %s', (_what, wrong) => {
    expect(wrongsIn({ ...sound, ...wrong })).toHaveLength(1)
  })

  it('counts what was planned and what struck', () => {
    const planned = [{ kind: 'a' }, { kind: 'a' }, { kind: 'b' }]
    expect(countKinds(planned, [happened('a'), happened('a', false)])).toEqual([
      { kind: 'a', planned: 2, struck: 1 },
      { kind: 'b', planned: 1, struck: 0 },
    ])
  })
})
