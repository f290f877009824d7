import { explore } from './support/explore'
import { shipped } from './support/shop'
import type { Scenario } from './support/world'

const plain = { quantities: [1], stock: [1], hasInbox: false, losses: 0, onceMore: 0, mayRefundByHand: true }

/** What may be lost may also not be: these hold all that happens when nothing goes wrong. */
const usual: Scenario[] = [
  { ...plain, title: 'one event twice or one question too early, the inbox emptied', onceMore: 1 },
  { ...plain, title: 'one event lost, the inbox kept', losses: 1, hasInbox: true },
  { ...plain, title: 'two events lost, the inbox emptied', losses: 2 },
  { ...plain, title: 'two lines, one event lost', quantities: [2, 1], stock: [3, 1], losses: 1 },
  { ...plain, title: 'two lines and only one in stock, two events lost', quantities: [1, 2], stock: [1, 1], losses: 2 },
]

/** A million states more, half a minute: `PROTOCOL_DEEP=1`. */
const deep: Scenario[] = [
  { ...plain, title: 'one lost and one twice, the inbox emptied', losses: 1, onceMore: 1 },
  { ...plain, title: 'one lost and one twice, the inbox kept', losses: 1, onceMore: 1, hasInbox: true },
  { ...plain, title: 'two events lost, the inbox kept', losses: 2, hasInbox: true },
]

let explored = 0

/**
 * In each of them: events in any order, the customer cancels or not, the deadline passes at any moment, the provider
 * declines, loses answers, executes late or not at all, its answers are lost by a dying worker, an administrator
 * refunds or not.
 */
describe.each(process.env.PROTOCOL_DEEP ? [...usual, ...deep] : usual)('$title', (scenario) => {
  it('every state is sound, every end is good, and every state leads to one', async () => {
    const started = performance.now()
    const { states, moves, goodEnds, violation } = await explore(shipped, scenario)
    if (violation) throw new Error(`${violation.rule}, after:\n  ${violation.path.join('\n  ')}`)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${scenario.title}: ${states} states, ${moves} moves, ${goodEnds} good ends, ${seconds} s`)
    expect(goodEnds).toBeGreaterThan(0)
    explored += states
  }, 300_000)
})

it('these are more than 100,000 states', () => {
  expect(explored).toBeGreaterThan(100_000)
})
