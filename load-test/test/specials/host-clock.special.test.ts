import { cancelledFor } from '../support/story'
import type { TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

let shop: TestShop
useShop(
  (opened) => {
    shop = opened
  },
  { processes: ['order-service'] },
)

const HOUR_MS = 3_600_000

test.each([
  { clock: 'an hour ahead', shiftMs: HOUR_MS },
  { clock: 'an hour behind', shiftMs: -HOUR_MS },
])(
  "R27 the clock of order-service's host is $clock: the order ends at its deadline by the database's clock",
  async ({ shiftMs }) => {
    const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
    await shop.stop('product-service')
    // watches from the first moment on, and then alone
    await shop.start('order-service', { TEST_CLOCK_SHIFT_MS: String(shiftMs) }, '-shifted')
    const order = await shop.place(ada, [{ productId, quantity: 1 }])
    await shop.stop('order-service')
    const soon = `UPDATE orders SET deadline_at = now() + interval '1 s' WHERE id = $1`
    await shop.premises.query('order-service', soon, [order.id])
    await ends(shop, order, { order: 'cancelled: timed_out' })
    const sql = 'SELECT extract(epoch FROM updated_at - deadline_at)::float8 AS late_s FROM orders WHERE id = $1'
    const [row] = await shop.premises.query<{ late_s: number }>('order-service', sql, [order.id])
    expect(row?.late_s).toBeGreaterThanOrEqual(0)
    // a sweep, and a busy machine: by the shifted clock it would be an hour
    expect(row?.late_s).toBeLessThan(60)
    await shop.start('product-service')
    await ends(shop, order, cancelledFor('timed_out'))
  },
)
