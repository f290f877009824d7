import { journeyOf, journeyTells, order, poll, showJourney } from '../orders'
import { claim, money, step } from '../say'
import { productAt, type Scenario } from '../scenario'
import { becomesTrue, captured, ledgerOf, mailsTo, newCustomer, shop, stockOf } from '../shop'

const QUANTITY = 2

/** A customer orders the cart: stock goes down, money is captured once, a receipt arrives. */
export const happyPath: Scenario = {
  name: 'happy',
  title: 'Happy path: an order from the cart is paid',
  async run(world) {
    const product = productAt(world, 0)
    const ada = await newCustomer('Ada')
    const before = await stockOf(product)
    const cart = shop(ada.token)
    await cart.call('cart-service', 'POST /cart/items', { body: { productId: product.id, quantity: QUANTITY } })
    step(`${QUANTITY} × ${product.name} at ${money(product.priceMinor, product.currency)} in the cart`)
    const id = await order(ada, { paymentToken: 'tok_visa' })
    const ended = await poll(ada, id)
    claim(ended.status === 'paid', 'the order is paid')

    const isSold = async () => (await stockOf(product)).sold >= before.sold + QUANTITY
    claim(await becomesTrue(isSold), `${QUANTITY} pieces moved from available to sold`)
    const ledger = await ledgerOf(id)
    const charges = ledger.filter(({ type }) => type === 'charge').length
    claim(
      charges === 1 && captured(ledger) === ended.totalMinor,
      `the provider captured ${money(ended.totalMinor, ended.currency)} exactly once`,
    )
    const isEmpty = async () => (await cart.call('cart-service', 'GET /cart')).body.lines.length === 0
    claim(await becomesTrue(isEmpty), 'the cart is empty')
    const hasReceipt = async () => (await mailsTo(ada)).some((subject) => /receipt/i.test(subject))
    claim(await becomesTrue(hasReceipt), 'the receipt is in the inbox')

    const isComplete = () => journeyTells(ada, id, 'order.paid')
    claim(await becomesTrue(isComplete), 'the journey tells the whole story:')
    showJourney(await journeyOf(ada, id))
  },
}
