import { readOptions } from '../../src/faults/options'
import { UsageError } from '../../src/usage-error'

it('without a seed draws one, and with one keeps it', () => {
  expect(readOptions([])).toMatchObject({
    seed: expect.any(Number),
    size: { name: 'quick' },
    instances: 1,
    isClustered: false,
  })
  expect(readOptions(['--full', '--seed', '42', '--instances', '2', '--cluster'])).toMatchObject({
    seed: 42,
    size: { name: 'full', orders: 10_000 },
    instances: 2,
    isClustered: true,
  })
})

it('one kind alone, a size of its own', () => {
  const options = readOptions(['--kind', 'cut-commit', '--orders', '50', '--rate', '2'])
  expect(options).toMatchObject({ size: { kinds: ['cut-commit'], orders: 50, ordersPerS: 2 } })
})

it.each([
  [['--quick', '--full'], 'choose one'],
  [['--kind', 'earthquake'], 'there are'],
  [['--seed', 'seven'], '--seed is a whole number'],
  [['--bogus'], 'bogus'],
])('%s makes no sense, and it says so', (args, words) => {
  expect(() => readOptions(args)).toThrow(UsageError)
  expect(() => readOptions(args)).toThrow(words)
})

it('explains itself', () => {
  expect(readOptions(['--full', '--help'])).toBe('help')
})
