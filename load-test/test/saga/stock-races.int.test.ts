import { type Envelope, type Id, MAX_MINOR, newId, type OrderLine, type ServiceName } from '@order-saga/common'
import type { PlacedOrder } from '@order-saga/common/client'
import { eventually } from '@order-saga/common/testing'
import { cartOf, orderCart, putInCart } from '../support/cart'
import { repeatOf } from '../support/publishers'
import { cancelledFor, PAID, storyOf, treeOf } from '../support/story'
import type { Customer, Question, TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

let shop: TestShop
useShop((opened) => {
  shop = opened
})

interface Stock {
  available: number
  reserved: number
  sold: number
}

const expectStock = (productId: Id, stock: Stock) =>
  eventually(async () => {
    const { body } = await shop.ask('product-service', `/inventory/${productId}`, { token: '' })
    expect(body).toEqual({ productId, ...stock })
  })

/** Loses what waits for a stopped service, and tells it in another sequence. */
async function tellInstead(service: ServiceName, ...events: Envelope[]): Promise<void> {
  await Promise.all(shop.services.map((sender) => shop.whenSent(sender)))
  await shop.premises.purge(service)
  await shop.start(service)
  await shop.deliver(service, ...events)
}

const whenTold = ({ id }: { id: Id }, type: string) => shop.toldOnce(id, type)

const asAdmin = async (method: 'PATCH' | 'DELETE' | 'POST', path: string, body?: object) => {
  const token = await shop.authority.admin()
  const { status } = await shop.ask('product-service', path, { token, method, ...(body && { body }) })
  expect(status).toBeLessThan(300)
}

const inMany = <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)))

/** For many charges at once: none is asked about again only because the machine is busy. */
const withPatience = () => shop.restart('payment-service', { SHOP_PROVIDER_TIMEOUT_MS: '20000' })

const pollAll = (orders: readonly { ada: Customer; order: PlacedOrder }[]) =>
  Promise.all(orders.map(({ ada, order }) => shop.poll(ada, order)))

test('R3 a cancellation overtakes the order on its way to the stock: nothing is ever held', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product({ available: 3 })])
  await shop.stop('product-service')
  const order = await shop.place(ada, [{ productId, quantity: 2 }])
  await shop.cancel(ada, order)
  await tellInstead('product-service', await whenTold(order, 'order.cancelled'))
  await expectStock(productId, { available: 3, reserved: 0, sold: 0 })
  await shop.deliver('product-service', await whenTold(order, 'order.created'))
  await ends(shop, order, cancelledFor('customer_request'))
  await expectStock(productId, { available: 3, reserved: 0, sold: 0 })
  expect(treeOf(await shop.told(order.id))).toBe('order.created\n  order.cancelled\n')
})

test('R4 a cancellation overtakes the reservation on its way to the payment: the provider is never called', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product({ available: 3 })])
  await shop.stop('payment-service')
  const order = await shop.place(ada, [{ productId, quantity: 2 }])
  const reserved = await whenTold(order, 'inventory.reserved')
  // heard after the cancellation, order-service would answer with a second one, lost with all the rest
  await shop.whenHeard('order-service', reserved)
  await shop.cancel(ada, order)
  await tellInstead('payment-service', await whenTold(order, 'order.cancelled'))
  expect(await storyOf(shop, order.id)).toMatchObject({ payment: 'voided' })
  await shop.deliver('payment-service', reserved)
  await ends(shop, order, cancelledFor('customer_request'))
  expect(await shop.outside.ledger(order.id)).toEqual([])
})

test('R10 the stock is away for longer than the deadline: cancelled in time, nothing is held afterwards', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product({ available: 3 })])
  await shop.stop('product-service')
  await shop.restart('order-service', { SHOP_ORDER_DEADLINE_MS: '1000' })
  const order = await shop.place(ada, [{ productId, quantity: 2 }])
  expect(await shop.poll(ada, order)).toMatchObject({ status: 'cancelled', reason: 'timed_out' })
  await shop.start('product-service')
  await ends(shop, order, cancelledFor('timed_out'))
  await expectStock(productId, { available: 3, reserved: 0, sold: 0 })
})

test('R11 the payment is away for longer than the deadline: the stock is back, and no money is kept', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product({ available: 3 })])
  await shop.stop('payment-service')
  await shop.restart('order-service', { SHOP_ORDER_DEADLINE_MS: '1000' })
  const order = await shop.place(ada, [{ productId, quantity: 2 }])
  expect(await shop.poll(ada, order)).toMatchObject({ status: 'cancelled', reason: 'timed_out' })
  await expectStock(productId, { available: 3, reserved: 0, sold: 0 })
  await shop.start('payment-service')
  // the reservation is heard before the cancellation: the charge it asks for may be under way already
  await ends(shop, order, { order: 'cancelled: timed_out', payment: expect.stringMatching(/voided|refunded/) })
})

test('E36 what nobody pays for is held until one sweep after its deadline, all of it, and can be bought then', async () => {
  const [DEADLINE_MS, SWEEP_MS, HELD] = [2_000, 100, 5]
  // two hops and a commit each, on a machine that has other things to do
  const ON_THE_WAY_MS = 3_000
  const productId = await shop.product({ available: HELD })
  await shop.stop('payment-service')
  await shop.restart('order-service', { SHOP_ORDER_DEADLINE_MS: String(DEADLINE_MS) })
  const idle = await inMany(HELD, async () => {
    const ada = await shop.customer()
    return { ada, order: await shop.place(ada, [{ productId, quantity: 1 }]) }
  })
  await expectStock(productId, { available: 0, reserved: HELD, sold: 0 })
  expect(await pollAll(idle)).toEqual(Array(HELD).fill(expect.objectContaining({ reason: 'timed_out' })))
  await expectStock(productId, { available: HELD, reserved: 0, sold: 0 })
  // by the clock of the databases, which are of one server
  const placed = await shop.premises.query<{ id: Id; at: Date }>(
    'order-service',
    'SELECT id, created_at AS at FROM orders',
  )
  const freed = await shop.premises.query<{ id: Id; at: Date }>(
    'product-service',
    `SELECT order_id AS id, at FROM stock_movements WHERE product_id = $1 AND kind = 'release'`,
    [productId],
  )
  expect(freed).toHaveLength(HELD)
  for (const { id, at } of freed) {
    const heldMs = at.getTime() - (placed.find((order) => order.id === id)?.at.getTime() ?? 0)
    expect(heldMs).toBeGreaterThanOrEqual(DEADLINE_MS)
    expect(heldMs).toBeLessThan(DEADLINE_MS + SWEEP_MS + ON_THE_WAY_MS)
  }
  await shop.start('payment-service')
  const bea = await shop.customer()
  await shop.restart('order-service')
  const order = await shop.place(bea, [{ productId, quantity: HELD }])
  expect(await shop.poll(bea, order)).toMatchObject({ status: 'paid' })
})

const [BUYERS, PIECES] = process.env.TEST_THOROUGH ? [500, 100] : [100, 20]

test(`R18 ${BUYERS} buyers want the last ${PIECES} pieces of two instances: so many get and pay one, all others hear why not`, async () => {
  await withPatience()
  await shop.start('product-service', {}, '-b')
  const productId = await shop.product({ available: PIECES })
  const buyers = await inMany(BUYERS, () => shop.customer())
  const orders = await Promise.all(
    buyers.map(async (ada) => ({ ada, order: await shop.place(ada, [{ productId, quantity: 1 }]) })),
  )
  const outcomes = new Map<string, number>()
  for (const { status, reason } of await pollAll(orders)) {
    const outcome = [status, reason].filter(Boolean).join(': ')
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  expect(Object.fromEntries(outcomes)).toEqual({ paid: PIECES, 'cancelled: out_of_stock': BUYERS - PIECES })
  await expectStock(productId, { available: 0, reserved: 0, sold: PIECES })
  expect(
    (await shop.outside.ledger()).filter(({ reference }) => orders.some(({ order }) => order.id === reference)),
  ).toHaveLength(PIECES)
})

test('R19 orders take the same products in opposite sequences in two instances: never a deadlock', async () => {
  await withPatience()
  await shop.start('product-service', {}, '-b')
  const [ada, ...products] = await Promise.all([
    shop.customer(),
    ...Array.from({ length: 8 }, () => shop.product({ available: 1_000 })),
  ])
  const lines: OrderLine[] = products.map((productId) => ({ productId, quantity: 1 }))
  const [, , , middle] = [...products].sort()
  const placed: { ada: Customer; order: PlacedOrder }[] = []
  // in each of them half of all wrong sequences go well
  for (let round = 0; round < 12; round++) {
    // both instances take some of the rows and then wait for this one: whoever takes the rest in another sequence is stuck
    const row = await shop.premises.hold('product-service', 'SELECT FROM products WHERE id = $1 FOR UPDATE', [middle])
    for (let n = 0; n < 4; n++) placed.push({ ada, order: await shop.place(ada, n % 2 ? lines : [...lines].reverse()) })
    await shop.premises.whenWaiting('product-service', 2)
    // given back as well, which locks the same rows
    await shop.cancel(ada, placed.at(-1)?.order ?? { id: '' })
    await row.release()
  }
  const sold = (await pollAll(placed)).filter(({ status }) => status === 'paid').length
  for (const productId of products) await expectStock(productId, { available: 1_000 - sold, reserved: 0, sold })
  await Promise.all([shop.stop('product-service'), shop.stop('product-service', '-b')])
  expect(await shop.premises.deadlocks('product-service')).toBe(0)
})

describe('R20 the price changes between cart and reservation', () => {
  const fillCart = async () => {
    const [ada, productId] = await Promise.all([shop.customer(), shop.product({ priceMinor: 1_000 })])
    const { totalMinor } = await putInCart(shop, ada, { productId, quantity: 2 })
    expect(totalMinor).toBe(2_000)
    return { ada, productId, totalMinor }
  }
  const setPrice = (productId: Id, priceMinor: number) => asAdmin('PATCH', `/products/${productId}`, { priceMinor })

  test('R20 before the reservation: cancelled, and told the new total', async () => {
    const { ada, productId, totalMinor } = await fillCart()
    await setPrice(productId, 1_100)
    const order = await orderCart(shop, ada, totalMinor)
    expect(await shop.poll(ada, order)).toMatchObject({ reason: 'price_changed', details: { actualTotalMinor: 2_200 } })
    await ends(shop, order, cancelledFor('price_changed', { reservation: 'rejected' }))
    await eventually(async () =>
      expect(await cartOf(shop, ada)).toMatchObject({ lines: [{ productId, quantity: 2 }], totalMinor: 2_200 }),
    )
  })

  test('R20 after the reservation: the reserved price is charged', async () => {
    const { ada, productId, totalMinor } = await fillCart()
    await shop.stop('payment-service')
    const order = await orderCart(shop, ada, totalMinor)
    await whenTold(order, 'inventory.reserved')
    await setPrice(productId, 9_900)
    await shop.start('payment-service')
    await ends(shop, order, PAID)
    expect(await shop.outside.ledger(order.id)).toMatchObject([{ type: 'charge', amountMinor: 2_000 }])
    expect(await shop.poll(ada, order)).toMatchObject({ totalMinor: 2_000, lines: [{ unitPriceMinor: 1_000 }] })
  })
})

describe('R21 a product leaves the catalogue', () => {
  test('R21 before it is reserved: cancelled, and told which one', async () => {
    const [ada, here, gone] = await Promise.all([shop.customer(), shop.product(), shop.product()])
    await asAdmin('DELETE', `/products/${gone}`)
    const order = await shop.place(ada, [
      { productId: here, quantity: 1 },
      { productId: gone, quantity: 1 },
    ])
    expect(await shop.poll(ada, order)).toMatchObject({
      reason: 'product_unavailable',
      details: { productIds: [gone] },
    })
    await ends(shop, order, cancelledFor('product_unavailable', { reservation: 'rejected' }))
  })

  test('R21 or never was in it: cancelled, and told which one', async () => {
    const [ada, here, never] = [await shop.customer(), await shop.product(), newId()]
    const order = await shop.place(ada, [
      { productId: here, quantity: 1 },
      { productId: never, quantity: 1 },
    ])
    const details = { productIds: [never] }
    expect(await shop.poll(ada, order)).toMatchObject({ reason: 'product_unavailable', details })
    await ends(shop, order, cancelledFor('product_unavailable', { reservation: 'rejected' }))
    await expectStock(here, { available: 10, reserved: 0, sold: 0 })
  })

  test('R21 after it was reserved: whoever holds it gets it', async () => {
    const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
    await shop.stop('payment-service')
    const order = await shop.place(ada, [{ productId, quantity: 1 }])
    await whenTold(order, 'inventory.reserved')
    await asAdmin('DELETE', `/products/${productId}`)
    await shop.start('payment-service')
    await ends(shop, order, PAID)
  })
})

test('an order that costs more than an order may is cancelled, and nothing is held', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product({ priceMinor: MAX_MINOR })])
  const order = await shop.place(ada, [{ productId, quantity: 2 }])
  await ends(shop, order, cancelledFor('order_too_large', { reservation: 'rejected' }))
  await expectStock(productId, { available: 10, reserved: 0, sold: 0 })
})

test('R22 stock is delivered while it is sold: not a piece is lost or made', async () => {
  await withPatience()
  const [ada, productId] = await Promise.all([shop.customer(), shop.product({ available: 20 })])
  const restock = () => asAdmin('POST', `/products/${productId}/restock`, { quantity: 1, reason: 'delivery' })
  const [orders] = await Promise.all([
    inMany(40, async () => ({ ada, order: await shop.place(ada, [{ productId, quantity: 1 }]) })),
    inMany(30, restock),
  ])
  const sold = (await pollAll(orders)).filter(({ status }) => status === 'paid').length
  expect(sold).toBeGreaterThanOrEqual(20)
  await expectStock(productId, { available: 50 - sold, reserved: 0, sold })
})

test('R23 a rejected order is asked for again after a delivery: it hears the same answer and stays cancelled', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product({ available: 0 })])
  const order = await shop.place(ada, [{ productId, quantity: 1 }])
  const rejected = cancelledFor('out_of_stock', { reservation: 'rejected' })
  await ends(shop, order, rejected)
  await asAdmin('POST', `/products/${productId}/restock`, { quantity: 5, reason: 'delivery' })
  await shop.deliver('product-service', repeatOf(await whenTold(order, 'order.created')))
  expect(treeOf(await shop.told(order.id))).toContain('inventory.reservation.failed again')
  await ends(shop, order, rejected)
  await expectStock(productId, { available: 5, reserved: 0, sold: 0 })
})

test('a line runs short when somebody else gets the last piece, and not any more when that is cancelled', async () => {
  const [ada, bob, productId] = await Promise.all([shop.customer(), shop.customer(), shop.product({ available: 1 })])
  const line = { productId, quantity: 1 }
  await putInCart(shop, ada, line)
  const { body } = await shop.ask<{ guestToken: string }>('cart-service', '/guest-carts', { token: '', method: 'POST' })
  const guest = { token: '', headers: { 'guest-token': body.guestToken } }
  await shop.ask('cart-service', '/guest-cart/items', { ...guest, body: line })
  const flags = async (path: string, question: Question) =>
    (await shop.ask<{ lines: { hasRunShort: boolean }[] }>('cart-service', path, question)).body.lines.map(
      ({ hasRunShort }) => hasRunShort,
    )
  const shows = (hasRunShort: boolean) =>
    eventually(async () => {
      expect(await flags('/cart', ada)).toEqual([hasRunShort])
      expect(await flags('/guest-cart', guest)).toEqual([hasRunShort])
    }, 20_000)
  await shows(false)
  await shop.stop('payment-service')
  const first = await shop.place(bob, [line])
  await shows(true)
  await shop.cancel(bob, first)
  await shows(false)
  await shop.start('payment-service')
  await ends(shop, await shop.place(bob, [line]), PAID)
  await shows(true)
})
