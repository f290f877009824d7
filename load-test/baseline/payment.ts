import { openBroker, openDatabase, type Payment, ready } from './shared'

const DECLINED = 'tok_chargeDeclined'

async function main(): Promise<void> {
  const database = await openDatabase()
  const payments = database.getRepository<Payment>('payments')
  const { publish, consume } = await openBroker('payment', ['stock.reserved'])
  await consume(async (_key, message) => {
    const { orderId, totalMinor: amountMinor, paymentToken } = message
    const status = paymentToken === DECLINED ? 'failed' : 'succeeded'
    await payments.save(payments.create({ orderId, amountMinor, status }))
    publish(`payment.${status}`, message)
  })
  ready()
}

void main()
