import { type Climate, stormy } from './support/climate'
import { explore } from './support/explore'
import * as mutants from './support/mutants'
import { type Shop, shipped } from './support/shop'
import { Simulation, Stage } from './support/simulate'
import type { Scenario } from './support/world'

const nothingLost: Scenario = { title: '', quantities: [1], stock: [1], hasInbox: false, losses: 0, onceMore: 0 }
const oneLost = { ...nothingLost, losses: 1 }
const MAX_RUNS = 2_000

interface Mutant {
  readonly name: string
  readonly shop: Shop
  readonly scenario?: Scenario
  /** What it is found by. */
  readonly rule: string
}

const found: Mutant[] = [
  {
    name: 'stock released twice',
    shop: mutants.doubleRelease(),
    rule: 'stock held and sold is what the reservation holds',
  },
  {
    name: 'an order paid after it was cancelled',
    shop: mutants.paidAfterCancel(),
    rule: 'the order ended as cancelled and is paid now',
  },
  { name: 'no refund', shop: mutants.noRefund(), rule: 'no way to a good end' },
  { name: 'a timeout taken for a failure', shop: mutants.timeoutIsFailure(), rule: 'alarm: captured_after_verdict' },
  { name: 'a new key on a retry', shop: mutants.newKeyOnRetry(), rule: 'alarm: captured_after_verdict' },
  { name: 'a reservation released on a timer', shop: mutants.releaseOnATimer(), rule: 'alarm: paid_after_release' },
  {
    name: 'stock sold on payment.succeeded',
    shop: mutants.sellOnPaymentSucceeded(),
    rule: 'alarm: paid_after_release',
  },
  {
    name: 'no tombstone for a reservation',
    shop: mutants.noTombstone('product'),
    rule: 'a cancelled order holds no stock',
  },
  {
    name: 'no tombstone for a payment',
    shop: mutants.noTombstone('payment'),
    rule: 'nobody pays for a cancelled order',
  },
  {
    name: 'no overdue question, when an event is lost',
    shop: mutants.noOverdueQuestion(),
    scenario: oneLost,
    rule: 'a cancelled order holds no stock',
  },
  { name: 'a refund that moves back', shop: mutants.refundMovesBack(), rule: 'the refund moved back' },
  {
    name: 'a repeat with the same id, when an event is lost',
    shop: mutants.repeatWithTheSameId(),
    scenario: { ...oneLost, hasInbox: true },
    rule: 'no way to a good end',
  },
  { name: 'an order paid without lines', shop: mutants.paidWithoutLines(), rule: 'tells an invalid order.paid' },
]

describe('the explorer finds', () => {
  it.each(found)('$name', async ({ shop, scenario = nothingLost, rule }) => {
    const { violation } = await explore(shop, scenario)
    expect(violation?.rule).toBe(rule)
  })
})

describe('the explorer finds nothing wrong', () => {
  it.each<[string, Shop, Scenario]>([
    ['without repeats and questions', mutants.withoutRepeatsAndQuestions(shipped), nothingLost],
    ['without questions', mutants.noOverdueQuestion(), nothingLost],
    ['with repeats under the same id', mutants.repeatWithTheSameId(), { ...nothingLost, hasInbox: true }],
  ])('%s as long as nothing is lost', async (_name, shop, scenario) => {
    expect((await explore(shop, scenario)).violation).toBeUndefined()
  })
})

describe('the simulation finds', () => {
  const reliable = { ...stormy, lossOneIn: 0 }

  it.each<[string, Shop, Climate]>([
    ['a batch without fold', shipped, { ...stormy, hasFold: false }],
    ['stock released twice', mutants.doubleRelease(), stormy],
    ['an order paid after it was cancelled', mutants.paidAfterCancel(), stormy],
    ['no refund', mutants.noRefund(), stormy],
    ['a timeout taken for a failure', mutants.timeoutIsFailure(), stormy],
    ['a new key on a retry', mutants.newKeyOnRetry(), stormy],
    ['a reservation released on a timer', mutants.releaseOnATimer(), stormy],
    ['stock sold on payment.succeeded', mutants.sellOnPaymentSucceeded(), stormy],
    ['no tombstone for a reservation', mutants.noTombstone('product'), reliable],
    ['no tombstone for a payment', mutants.noTombstone('payment'), reliable],
    ['no overdue question, when events are lost', mutants.noOverdueQuestion(), stormy],
    ['a repeat with the same id, when events are lost', mutants.repeatWithTheSameId(), { ...stormy, lossOneIn: 5 }],
    ['an order paid without lines', mutants.paidWithoutLines(), stormy],
  ])('%s', async (_name, shop, climate) => {
    const stage = new Stage(shop)
    let broken: string | undefined
    for (let seed = 1; seed <= MAX_RUNS && !broken; seed++) broken = await new Simulation(stage, climate, seed).run()
    expect(broken).toBeDefined()
  })
})
