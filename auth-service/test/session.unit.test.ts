import { judge, type Verdict } from '../src/domain/session'

const fresh = { newest: 5, msSinceRotation: 0, isOver: false }

test.each<[string, Partial<typeof fresh> & { generation: number }, Verdict]>([
  ['the newest token', { generation: 5 }, 'rotate'],
  ['the newest, after a month in which nobody came', { generation: 5, msSinceRotation: 2_600_000_000 }, 'rotate'],
  ['its direct parent, at once', { generation: 4 }, 'again'],
  ['its direct parent, after ten seconds', { generation: 4, msSinceRotation: 10_000 }, 'again'],
  ['its direct parent, later', { generation: 4, msSinceRotation: 10_001 }, 'stolen'],
  ['an older one, however soon', { generation: 3 }, 'stolen'],
  ['the first one', { generation: 1 }, 'stolen'],
  ['the newest of a login that is over', { generation: 5, isOver: true }, 'over'],
  ['an old one of a login that is over', { generation: 1, isOver: true }, 'over'],
])('%s: %j is %s', (_, presented, verdict) => {
  expect(judge({ ...fresh, ...presented })).toBe(verdict)
})
