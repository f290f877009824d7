import { order, poll } from '../orders'
import { claim, step } from '../say'
import { productAt, type Scenario } from '../scenario'
import { becomesTrue, captured, ledgerOf, mailsTo, newCustomer, shop, stockOf } from '../shop'

/** The customer changes their mind while the charge is under way: whatever was captured comes back. */
export const cancelInFlight: Scenario = {
  name: 'cancel',
  title: 'Cancel in flight: the customer changes their mind while the card is being charged',
  async run(world) {
    const product = productAt(world, 3)
    const before = await stockOf(product)
    const edsger = await newCustomer('Edsger')
    const id = await order(edsger, { items: [{ product, quantity: 1 }], paymentToken: 'tok_slow' })
    const isCharging = async () => (await ledgerOf(id)).length > 0
    claim(await becomesTrue(isCharging), 'the provider has begun to charge')
    const { status } = await shop(edsger.token).call('order-service', 'POST /orders/{id}/cancel', { path: { id } })
    step(`POST /orders/{id}/cancel answers ${status}`)
    const ended = await poll(edsger, id)
    claim(
      ended.status === 'cancelled' && ended.reason === 'customer_request',
      'the order is cancelled: customer_request',
    )
    claim(
      await becomesTrue(async () => captured(await ledgerOf(id)) === 0),
      'what the provider captured has been refunded',
    )
    const isBack = async () => (await stockOf(product)).available === before.available
    claim(await becomesTrue(isBack), 'the stock is available again')
    const hasMail = async () => (await mailsTo(edsger)).some((subject) => /refund/i.test(subject))
    claim(await becomesTrue(hasMail), 'the refund notice is in the inbox')
  },
}
