import { type Envelope, eventsQueue, type Id, type ServiceName } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { Load } from '../support/load'
import { replayEverything } from '../support/quiet'
import { cancelledFor, PAID } from '../support/story'
import type { Customer, TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

// accepted between two steps: enough for something to be under way everywhere
const BETWEEN = 6
const CLIENTS = 3

let shop: TestShop
let load: Load
let ada: Customer
let productId: Id
// before the shop is looked at: a test that fails leaves its customers behind, and perhaps no queue
afterEach(async () => {
  await load.stop()
  await shop.premises.rebuildTopology()
})
useShop(
  (opened) => {
    shop = opened
  },
  // nothing ends by its deadline: whatever ends was replayed
  { settings: { SHOP_ORDER_DEADLINE_MS: '3600000' } },
)
beforeEach(async () => {
  ada = await shop.customer()
  productId = await shop.product({ available: 100 })
  load = await Load.start(shop, CLIENTS)
  await load.further(BETWEEN)
})

const isMissing = (service: ServiceName) =>
  eventually(async () => {
    const answer = await fetch(`${shop.url(service)}/readyz`)
    expect(await answer.text()).toContain(`queue ${eventsQueue(service)} is missing`)
    expect(answer.status).toBe(503)
  }, 60_000)

/** What the operator does first. */
async function rebuild(service: ServiceName): Promise<void> {
  await shop.premises.rebuildTopology()
  await shop.whenReady(service)
}

const order = (paymentToken: string) => shop.place(ada, [{ productId, quantity: 1 }], { paymentToken })

const hasHeard = async (service: ServiceName, { id }: Envelope) =>
  (await shop.premises.query(service, 'SELECT FROM inbox WHERE id = $1', [id])).length > 0

// each is lost to one reader and reaches another, so the broker returns none of them
test.each([
  ['product-service', 'order.created', 'order-service'],
  ['cart-service', 'order.created', 'order-service'],
  ['order-service', 'inventory.reserved', 'product-service'],
  ['payment-service', 'inventory.reserved', 'product-service'],
  ['mailer-service', 'order.paid', 'order-service'],
  ['logger-service', 'order.paid', 'order-service'],
] as const)(
  'the queue of %s is deleted while orders flow: it consumes again once there is one, and a replay gives back %s',
  async (service, type, publisher) => {
    await shop.loseQueue(service)
    await isMissing(service)
    const accepted = await order('tok_visa')
    const lost = await shop.toldOnce(accepted.id, type)
    await shop.whenSent(publisher)
    await load.further(BETWEEN)
    await rebuild(service)
    expect(await hasHeard(service, lost)).toBe(false)
    await replayEverything(shop)
    await shop.whenHeard(service, lost)
    await ends(shop, accepted, PAID)
    await load.end(shop)
  },
)

test('an event that nobody hears but the journal is returned while its queue is missing, and sent when it is back, without a replay', async () => {
  await shop.loseQueue('logger-service')
  await isMissing('logger-service')
  const declined = await order('tok_chargeDeclined')
  const returned = await shop.toldOnce(declined.id, 'inventory.released')
  await eventually(async () =>
    expect(await (await fetch(`${shop.url('product-service')}/metrics`)).text()).toMatch(
      /^saga_alarms_total\{kind="unroutable".*\} [1-9]/m,
    ),
  )
  const unsent = () => shop.premises.query('product-service', 'SELECT FROM outbox_unsent WHERE id = $1', [returned.id])
  expect(await unsent()).toHaveLength(1)
  await rebuild('logger-service')
  await shop.whenHeard('logger-service', returned)
  await replayEverything(shop)
  await ends(shop, declined, cancelledFor('payment_declined', { payment: 'failed' }))
  await load.end(shop)
})
