import { eventually } from '@order-saga/common/testing'
import { duplicatesAt } from '../support/outcomes'
import { cancelledFor, PAID, treeOf } from '../support/story'
import type { TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

let shop: TestShop
useShop(
  (opened) => {
    shop = opened
  },
  { processes: ['order-service', 'product-service'], hasAccounts: true },
)

const HOUR_MS = 3_600_000

describe('R16 a process is frozen with work in hand and goes on when another has done it', () => {
  test('R16 before its claim: its channel is closed, its late claim meets the one that was committed, one effect', async () => {
    const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
    await shop.stop('product-service')
    const order = await shop.place(ada, [{ productId, quantity: 1 }])
    const created = await shop.toldOnce(order.id, 'order.created')
    const claim = await shop.premises.hold('product-service', 'INSERT INTO inbox (id) VALUES ($1)', [created.id])
    await shop.start('product-service')
    const zombieLines = await shop.premises.connections(1, { consumerOf: 'product-service' })
    await shop.start('product-service', {}, '-b')
    await shop.premises.whenWaiting('product-service', 1)
    const zombie = shop.process('product-service')
    zombie.kill('SIGSTOP')
    const zombieSessions = await shop.premises.waiting('product-service')
    // what its missing heartbeats bring about a quarter of a minute later
    await shop.premises.closeConnections(zombieLines)
    await shop.premises.whenGivenUp(zombieSessions)
    await claim.release()
    await shop.whenHeard('product-service', created)
    zombie.kill('SIGCONT')
    await eventually(async () => expect(await duplicatesAt(shop, 'product-service')).toBe(1))
    await shop.whenReady('product-service')
    expect(await shop.premises.connections(2, { consumerOf: 'product-service' })).not.toContain(zombieLines[0])
    await ends(shop, order, PAID)
    expect(treeOf(await shop.told(order.id))).not.toContain('again')
  })

  test('R16 within its transaction: the database has ended it, one effect each', async () => {
    const [ada, held, other] = await Promise.all([shop.customer(), shop.product(), shop.product({ available: 20 })])
    const row = await shop.premises.hold('product-service', 'SELECT FROM products WHERE id = $1 FOR UPDATE', [held])
    const first = await shop.place(ada, [{ productId: held, quantity: 1 }])
    await shop.premises.whenWaiting('product-service', 1)
    const zombie = shop.process('product-service')
    zombie.kill('SIGSTOP')
    await row.release()
    await shop.start('product-service', {}, '-b')
    // the broker goes on handing the frozen one its share
    const others = await Promise.all(
      Array.from({ length: 12 }, () => shop.place(ada, [{ productId: other, quantity: 1 }])),
    )
    const orders = [first, ...others]
    for (const order of orders) expect(await shop.poll(ada, order)).toMatchObject({ status: 'paid' })
    zombie.kill('SIGCONT')
    await shop.whenReady('product-service')
    for (const order of orders) await ends(shop, order, PAID)
  })
})

test('R26 an account is closed while its order is pending: the order ends well, a new login is refused', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  await shop.stop('payment-service')
  const order = await shop.place(ada, [{ productId, quantity: 1 }])
  await shop.premises.query('auth-service', 'DELETE FROM sessions WHERE user_id = $1', [ada.id])
  await shop.premises.query('auth-service', 'DELETE FROM users WHERE id = $1', [ada.id])
  await shop.start('payment-service')
  await ends(shop, order, PAID)
  const { email, password } = ada
  const login = await shop.ask('auth-service', '/login', { token: '', body: { email, password } })
  expect(login.status).toBe(401)
})

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
