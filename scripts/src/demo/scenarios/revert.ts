import { journeyOf, journeyTells, order, poll, showJourney } from '../orders'
import { claim, step } from '../say'
import { productAt, type Scenario } from '../scenario'
import { becomesTrue, captured, ledgerOf, newCustomer, type Product, type Stock, stockOf } from '../shop'

const holdsSameAs = (a: Stock, b: Stock) =>
  a.available === b.available && a.reserved === b.reserved && a.sold === b.sold

const returns = (product: Product, before: Stock) =>
  becomesTrue(async () => holdsSameAs(await stockOf(product), before))

/** What was done for an order that cannot be is undone, each service undoing its own. */
export const revert: Scenario = {
  name: 'revert',
  title: 'Revert: a mixed order, and a declined payment, leave no trace',
  async run(world) {
    const [good, other] = [productAt(world, 1), productAt(world, 2)]
    const [goodBefore, otherBefore] = [await stockOf(good), await stockOf(other)]
    const alan = await newCustomer('Alan')

    step(`one good line (${good.sku}) and one impossible (${otherBefore.available + 1} × ${other.sku})`)
    const impossible = Math.min(otherBefore.available + 1, 1000)
    const items = [
      { product: good, quantity: 1 },
      { product: other, quantity: impossible },
    ]
    const mixed = await poll(alan, await order(alan, { items, paymentToken: 'tok_visa' }))
    claim(mixed.status === 'cancelled' && mixed.reason === 'out_of_stock', 'the mixed order is cancelled as a whole')
    claim(await returns(good, goodBefore), 'not a piece of the good line is held')

    step('now a card that is declined')
    const id = await order(alan, { items: [{ product: good, quantity: 3 }], paymentToken: 'tok_chargeDeclined' })
    const declined = await poll(alan, id)
    claim(
      declined.status === 'cancelled' && declined.reason === 'payment_declined',
      'the order is cancelled: payment_declined',
    )
    claim(await returns(good, goodBefore), 'the reserved stock is available again')
    claim(captured(await ledgerOf(id)) === 0, 'the provider holds no money')
    const isReleased = () => journeyTells(alan, id, 'inventory.released')
    claim(await becomesTrue(isReleased), 'the journey shows who undid what:')
    showJourney(await journeyOf(alan, id))
  },
}
