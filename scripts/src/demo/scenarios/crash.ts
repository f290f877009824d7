import { addresses } from '../../infra'
import { killService, startService, whenReady } from '../../shop/service-processes'
import { order, poll } from '../orders'
import { claim, step } from '../say'
import { productAt, type Scenario } from '../scenario'
import { becomesTrue, captured, ledgerOf, mailsTo, newCustomer, stockOf } from '../shop'

const ORDERS = 5
const VICTIMS = ['payment-service', 'order-service', 'product-service'] as const

/** Three services are killed with -9 in the middle of running sagas and started again. */
export const crash: Scenario = {
  name: 'crash',
  title: 'Killed with -9 in the middle: nothing lost, nothing twice',
  async run(world) {
    const product = productAt(world, 5)
    const before = await stockOf(product)
    const linus = await newCustomer('Linus')
    const wish = { items: [{ product, quantity: 1 }], paymentToken: 'tok_slow' }
    const ids = await Promise.all(Array.from({ length: ORDERS }, () => order(linus, wish)))
    for (const service of VICTIMS) {
      await killService(service)
      step(`kill -9 ${service}`)
    }
    for (const service of VICTIMS) startService(service, addresses())
    await Promise.all(VICTIMS.map((service) => whenReady(service)))
    step('started again')
    const ended = await Promise.all(ids.map((id) => poll(linus, id)))
    claim(
      ended.every(({ status }) => status === 'paid'),
      `all ${ORDERS} orders ended, and ended paid`,
    )
    const ledgers = await Promise.all(ids.map(ledgerOf))
    const isOnce = ledgers.every(
      (ledger, index) => ledger.length === 1 && captured(ledger) === ended[index]?.totalMinor,
    )
    claim(isOnce, 'each was captured exactly once')
    const isExact = async () => {
      const { available, reserved, sold } = await stockOf(product)
      return sold === before.sold + ORDERS && reserved === before.reserved && available === before.available - ORDERS
    }
    claim(await becomesTrue(isExact), `exactly ${ORDERS} pieces are sold`)
    const receipts = async () => (await mailsTo(linus)).filter((subject) => /receipt/i.test(subject)).length
    claim(await becomesTrue(async () => (await receipts()) === ORDERS), `exactly ${ORDERS} receipts arrived`)
  },
}
