import type { Id, ServiceName } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { Customer, TestShop } from '../support/test-shop'
import { useShop } from '../support/use-shop'

const DEADLINE_MS = 1_000

let shop: TestShop
let ada: Customer
let productId: Id
useShop(
  (opened) => {
    shop = opened
  },
  { hasAccounts: true, settings: { SHOP_ORDER_DEADLINE_MS: String(DEADLINE_MS) } },
)
beforeEach(async () => {
  ada = await shop.customer()
  productId = await shop.product({ available: 100 })
})

const place = (count: number) =>
  Promise.all(Array.from({ length: count }, () => shop.place(ada, [{ productId, quantity: 1 }])))

const SERVICES: ServiceName[] = [
  'auth-service',
  'product-service',
  'cart-service',
  'payment-service',
  'mailer-service',
  'logger-service',
  'order-service',
]

test.each(SERVICES)('%s is away for ten deadlines: every order ends, and its traces with it', async (service) => {
  const outageEndsAtMs = performance.now() + 10 * DEADLINE_MS
  const orders = await place(5)
  await shop.stop(service)
  // nobody takes an order while order-service is the one that is away
  if (service !== 'order-service') orders.push(...(await place(5)))
  await eventually(() => expect(performance.now()).toBeGreaterThan(outageEndsAtMs), 60_000)
  if (service !== 'order-service')
    for (const order of orders) expect((await shop.poll(ada, order)).status).not.toBe('pending')
  await shop.start(service)
  for (const order of orders) expect((await shop.poll(ada, order)).status).not.toBe('pending')
})
