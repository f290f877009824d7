import { newId, serviceNames } from '@order-saga/common'
import { HELP, readOptions } from '../src/replay/options'

const now = new Date('2026-11-20T10:00:00Z')
const windowOf = (...args: string[]) => readOptions(args)?.windowAt(now)

test.each([
  ['90s', '2026-11-20T09:58:30.000Z'],
  ['15m', '2026-11-20T09:45:00.000Z'],
  ['2h', '2026-11-20T08:00:00.000Z'],
  ['3d', '2026-11-17T10:00:00.000Z'],
  ['2026-11-20T09:30Z', '2026-11-20T09:30:00.000Z'],
  ['2026-11-20T09:30:15.5+01:00', '2026-11-20T08:30:15.500Z'],
])('--since %s begins at %s and ends now', (since, begin) => {
  expect(windowOf('--since', since)).toEqual({
    since: new Date(begin),
    until: now,
    type: undefined,
    orderId: undefined,
  })
})

test('the window is narrowed by end, type, order and service', () => {
  const order = newId()
  const args = [
    '--since',
    '2h',
    '--until',
    '1h',
    '--type',
    'order.paid',
    '--order',
    order,
    '--service',
    'order-service',
  ]
  expect(windowOf(...args)).toEqual({
    since: new Date('2026-11-20T08:00:00Z'),
    until: new Date('2026-11-20T09:00:00Z'),
    type: 'order.paid',
    orderId: order,
  })
  expect(readOptions(args)).toMatchObject({ services: ['order-service'], isDryRun: false, isWaiting: true })
})

test('all services are meant unless some are named, and it can count only, or not wait', () => {
  const options = readOptions(['--since', '1h', '--dry-run', '--no-wait'])
  expect(options).toMatchObject({ services: serviceNames, isDryRun: true, isWaiting: false })
})

test.each([
  [[], '--since 15m'],
  [['--since', 'yesterday'], 'is no time'],
  [['--since', '2026-11-20T09:30'], 'is no time'],
  [['--since', '1h', '--until', '2h'], 'ends before it begins'],
  [['--since', '1h', '--service', 'shop'], 'is no service'],
  [['--since', '1h', '--type', 'order.invented'], 'nobody tells'],
  [['--since', '1h', '--order', '7'], 'is no order id'],
  [['--since', '1h', '--colour', 'red'], '--colour'],
])('%j is refused: %s', (args, words) => {
  expect(() => windowOf(...args)).toThrow(words)
})

test('--help is enough', () => {
  expect(readOptions(['--help'])).toBeUndefined()
  expect(HELP).toContain('--since TIME')
})
