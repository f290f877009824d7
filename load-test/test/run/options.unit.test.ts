import { help } from '../../src/run/help'
import { measureNames } from '../../src/run/measures'
import { readOptions } from '../../src/run/options'
import { UsageError } from '../../src/usage-error'

it('says something sensible of nothing', () => {
  expect(readOptions([])).toMatchObject({
    pace: { loop: 'closed', users: 8 },
    accounts: 8,
    durationMs: 30_000,
    orders: Infinity,
    journey: 'full',
    thinkMs: 0,
    prefersWait: false,
    replenish: undefined,
    seed: expect.any(Number),
    slos: [],
  })
})

it('takes everything it explains', () => {
  const args =
    '--rate 12.5 --duration 2m --orders 50 --journey orders --mix declines=5 --think 250ms --replenish 500 --prefer-wait ' +
    '--accounts 3 --seed 7 --json a.json --report b.html --slo p99<100ms --slo throughput>3'
  expect(readOptions(args.split(' '))).toMatchObject({
    pace: { loop: 'open', ratePerS: 12.5 },
    durationMs: 120_000,
    orders: 50,
    journey: 'orders',
    mix: { declines: 5, cancels: 0 },
    thinkMs: 250,
    replenish: 500,
    prefersWait: true,
    accounts: 3,
    seed: 7,
    jsonFile: 'a.json',
    reportFile: 'b.html',
    slos: [{ kind: 'latency' }, { kind: 'throughput' }],
  })
})

it('a number of orders is enough of an end', () => {
  expect(readOptions(['--orders', '10'])).toMatchObject({ orders: 10, durationMs: Infinity })
  expect(readOptions(['--orders', '10', '--duration', '5s'])).toMatchObject({ orders: 10, durationMs: 5_000 })
})

it.each([
  [['--replenish'], 10_000],
  [['--replenish', '--prefer-wait'], 10_000],
  [['--replenish', '77'], 77],
  [['--replenish=78'], 78],
])('%s', (args, pieces) => {
  expect(readOptions(args)).toMatchObject({ replenish: pieces })
})

it.each([
  [['--users', '2', '--rate', '3'], 'choose one'],
  [['--users', '0'], '--users is a whole number'],
  [['--rate', '0'], '--rate is a number'],
  [['--duration', '30'], '--duration is a time such as'],
  [['--think', 'long'], '--think is a time'],
  [['--journey', 'short'], '--journey is full or orders'],
  [['--mix', 'thefts=3'], '--mix: there is no thefts'],
  [['--replenish', '1000001'], 'from 1 to 1000000'],
  [['--users', '5', '--accounts', '4'], 'need as many --accounts'],
  [['--slo', 'p98<1s'], '--slo: '],
  [['--bogus'], 'bogus'],
])('%s makes no sense, and it says so', (args, words) => {
  expect(() => readOptions(args)).toThrow(UsageError)
  expect(() => readOptions(args)).toThrow(words)
})

it('explains itself', () => {
  expect(readOptions(['--users', '3', '--help'])).toBe('help')
  for (const measure of measureNames) expect(help).toMatch(new RegExp(`^  ${measure} `, 'm'))
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
})
