import { order, poll } from '../orders'
import { claim, step } from '../say'
import { productAt, type Scenario } from '../scenario'
import { becomesTrue, captured, ledgerOf, newCustomer, stockOf } from '../shop'

/** The provider charges and never answers. Unknown is not failed: the same key is asked until somebody knows. */
export const providerTimeout: Scenario = {
  name: 'timeout',
  title: 'Provider times out after charging: paid exactly once',
  async run(world) {
    const product = productAt(world, 4)
    const before = await stockOf(product)
    const barbara = await newCustomer('Barbara')
    const id = await order(barbara, { items: [{ product, quantity: 1 }], paymentToken: 'tok_timeoutAfterCharge' })
    step('the provider has taken the money and says nothing; we ask again with the same key')
    const ended = await poll(barbara, id)
    claim(ended.status === 'paid', 'the order is paid')
    const ledger = await ledgerOf(id)
    const charges = ledger.filter(({ type }) => type === 'charge').length
    claim(charges === 1 && captured(ledger) === ended.totalMinor, 'the provider captured exactly once')
    claim(await becomesTrue(async () => (await stockOf(product)).sold === before.sold + 1), 'one piece is sold')
  },
}
