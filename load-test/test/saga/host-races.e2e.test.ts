import { eventually } from '@order-saga/common/testing'
import { duplicatesAt } from '../support/outcomes'
import { PAID, treeOf } from '../support/story'
import type { TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

let shop: TestShop
useShop(
  (opened) => {
    shop = opened
  },
  { processes: ['product-service'], hasAccounts: true },
)

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
