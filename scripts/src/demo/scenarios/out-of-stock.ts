import { order, poll } from '../orders'
import { claim, step } from '../say'
import type { Scenario } from '../scenario'
import { becomesTrue, ledgerOf, mailsTo, newCustomer, stockOf } from '../shop'

/** More than there is: nothing is reserved, nothing charged, and the answer says which product. */
export const outOfStock: Scenario = {
  name: 'out-of-stock',
  title: 'Out of stock: the order is cancelled, nothing is touched',
  async run({ products }) {
    const stocks = await Promise.all(products.map(async (product) => ({ product, stock: await stockOf(product) })))
    const scarce = stocks.sort((a, b) => a.stock.available - b.stock.available)[0]
    if (!scarce) throw new Error('the catalogue is empty')
    const { product, stock: before } = scarce
    const grace = await newCustomer('Grace')
    step(`${product.name}: ${before.available} left, ordering ${before.available + 1}`)
    const id = await order(grace, { items: [{ product, quantity: before.available + 1 }], paymentToken: 'tok_visa' })
    const ended = await poll(grace, id)
    claim(ended.status === 'cancelled' && ended.reason === 'out_of_stock', 'the order is cancelled: out_of_stock')
    claim(ended.details?.productIds?.includes(product.id) === true, `and says which product: ${product.sku}`)
    const after = await stockOf(product)
    claim(after.available === before.available && after.reserved === before.reserved, 'its stock is untouched')
    claim((await ledgerOf(id)).length === 0, 'the provider was never asked')
    const hasNotice = async () => (await mailsTo(grace)).some((subject) => /cancel/i.test(subject))
    claim(await becomesTrue(hasNotice), 'the cancellation notice is in the inbox')
  },
}
