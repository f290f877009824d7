import { classify, newId, orderCancelled, orderCreated, orderPaid, paymentFailed, statement } from '@order-saga/common'
import { eventOf } from '@order-saga/common/testing'
import { absent } from '../src'
import { saveReservations } from '../src/db/reservation-statements'
import { ReservationBook } from '../src/domain/reservation-book'
import { reserveStock } from '../src/use-cases/reserve-stock'
import { cancelled, declined, orderFor, paid, product } from './given'
import { TestShop } from './test-shop'

let shop: TestShop
beforeAll(async () => {
  shop = await TestShop.open()
})
afterEach(async () => expect(await shop.unbalanced()).toEqual([]))
afterAll(() => shop.close())

test('an order takes its stock and tells so in one transaction', async () => {
  const pen = await shop.product(10)
  const order = orderFor({ [pen]: 3 })
  const event = eventOf(orderCreated, order)
  await shop.settle(event)
  expect(await shop.piles(pen)).toEqual({ available: 7, reserved: 3, sold: 0 })
  expect(await shop.told(order.orderId)).toEqual([
    expect.objectContaining({
      type: 'inventory.reserved',
      causationid: event.id,
      correlationid: event.correlationid,
      data: expect.objectContaining({ totalMinor: 3000, paymentToken: 'tok_visa', deadlineAt: order.deadlineAt }),
    }),
  ])
  expect(shop.outdated).toContainEqual({ id: pen, version: 2 })
})

test('what is stored is read back exactly as it was decided', async () => {
  const [pen, cup] = [await shop.product(10), await shop.product(1)]
  const first = orderFor({ [pen]: 1, [cup]: 1 })
  const second = orderFor({ [cup]: 1 })
  await shop.settle(eventOf(orderCreated, first), eventOf(orderCreated, second))
  expect(await shop.reservation(first.orderId)).toEqual({
    orderId: first.orderId,
    state: 'reserved',
    customerId: first.customerId,
    lines: [pen, cup].map((productId) => ({
      productId,
      name: 'Brass ballpoint pen',
      quantity: 1,
      unitPriceMinor: 1000,
    })),
    totalMinor: 2000,
    currency: 'EUR',
    paymentToken: 'tok_visa',
    deadlineAt: first.deadlineAt,
    answerId: expect.any(String),
  })
  expect(await shop.reservation(second.orderId)).toEqual({
    orderId: second.orderId,
    state: 'rejected',
    customerId: second.customerId,
    reason: 'out_of_stock',
    details: { productIds: [cup] },
    answerId: (await shop.told(second.orderId))[0]?.id,
  })
})

test('a cancelled or declined order gives its stock back, once', async () => {
  const pen = await shop.product(10)
  const [late, poor] = [orderFor({ [pen]: 2 }), orderFor({ [pen]: 3 })]
  await shop.settle(eventOf(orderCreated, late), eventOf(orderCreated, poor))
  await shop.settle(eventOf(orderCancelled, cancelled(late)), eventOf(paymentFailed, declined(poor)))
  await shop.settle(eventOf(orderCancelled, cancelled(late)), eventOf(orderCancelled, cancelled(poor)))
  expect(await shop.piles(pen)).toEqual({ available: 10, reserved: 0, sold: 0 })
  expect(await shop.typesTold(poor.orderId)).toEqual(['inventory.reserved', 'inventory.released'])
  for (const { orderId } of [late, poor])
    expect(await shop.reservation(orderId)).toMatchObject({ state: 'released', totalMinor: expect.any(Number) })
  expect(await shop.parked()).toEqual([])
})

test('two orders of one batch tell each line they cross, in sequence; in between nothing is told', async () => {
  const pen = await shop.product(8)
  const [most, some, last] = [orderFor({ [pen]: 4 }), orderFor({ [pen]: 2 }), orderFor({ [pen]: 2 })]
  await shop.settle(...[most, some, last].map((order) => eventOf(orderCreated, order)))
  await shop.settle(eventOf(orderPaid, paid(most)), eventOf(orderCancelled, cancelled(last)))
  await shop.settle(eventOf(orderCancelled, cancelled(some)), eventOf(orderCancelled, cancelled(last)))
  expect((await shop.told(pen)).map(({ type, data }) => ({ type, ...(data as object) }))).toEqual([
    { type: 'product.low_stock', productId: pen, available: 4, threshold: 5, version: 2 },
    { type: 'product.low_stock', productId: pen, available: 0, threshold: 5, version: 4 },
    { type: 'product.back_in_stock', productId: pen, available: 2, version: 6 },
  ])
  const stored = statement<{ version: number }>('test-version', 'SELECT version FROM products WHERE id = $1')
  expect(await shop.database.query(stored, [pen])).toEqual([{ version: 7 }])
})

test('a paid order sells what it held', async () => {
  const pen = await shop.product(10)
  const order = orderFor({ [pen]: 4 })
  await shop.settle(eventOf(orderCreated, order))
  await shop.settle(eventOf(orderPaid, paid(order)))
  await shop.settle(eventOf(orderPaid, paid(order)))
  expect(await shop.piles(pen)).toEqual({ available: 6, reserved: 0, sold: 4 })
  expect(await shop.reservation(order.orderId)).toMatchObject({ state: 'sold', totalMinor: 4000 })
  expect(await shop.parked()).toEqual([])
})

test('a decision about a state that is not there any more is not written', async () => {
  const pen = await shop.product(10)
  const order = orderFor({ [pen]: 1 })
  const event = eventOf(orderCreated, order)
  await shop.settle(event)
  const stale = ReservationBook.of([absent(order.orderId)], [product({ productId: pen })])
  reserveStock(stale, event, newId)
  // the reservation's row and the movement table both refuse it; either makes the batch decide again
  const refused = await shop.database.transaction((tx) => shop.reservations.close(tx, stale)).catch(classify)
  expect(refused).toBe('contention')
  expect(await shop.piles(pen)).toEqual({ available: 9, reserved: 1, sold: 0 })
})

test('R3: a cancel that overtakes its order leaves a tombstone, and no stock is held', async () => {
  const pen = await shop.product(10)
  const order = orderFor({ [pen]: 2 })
  await shop.settle(eventOf(orderCancelled, cancelled(order)))
  await shop.settle(eventOf(orderCreated, order))
  expect(await shop.piles(pen)).toEqual({ available: 10, reserved: 0, sold: 0 })
  expect(await shop.told(order.orderId)).toEqual([])
})

test.each([true, false])('R8: a hundred duplicates take the stock once (inbox kept: %s)', async (isInboxKept) => {
  const pen = await shop.product(10)
  const order = orderFor({ [pen]: 2 })
  const event = eventOf(orderCreated, order)
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 10 }, () => shop.settle(event)))
    if (!isInboxKept) await shop.forgetInbox()
  }
  expect(await shop.piles(pen)).toEqual({ available: 8, reserved: 2, sold: 0 })
  const told = await shop.told(order.orderId)
  const repeats = told.slice(1).map((event) => event.repeats)
  expect(new Set(repeats)).toEqual(new Set(isInboxKept ? [] : [told[0]?.id]))
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
})

test('a hundred repeats under new ids are answered a hundred times, and take nothing more', async () => {
  const pen = await shop.product(10)
  const order = orderFor({ [pen]: 2 })
  await shop.settle(...Array.from({ length: 100 }, () => eventOf(orderCreated, order)))
  expect(await shop.typesTold(order.orderId)).toEqual(Array(100).fill('inventory.reserved'))
  expect(await shop.piles(pen)).toEqual({ available: 8, reserved: 2, sold: 0 })
})

const ends = [
  { ending: 'paid', last: (order: ReturnType<typeof orderFor>) => eventOf(orderPaid, paid(order)), sold: 2, free: 8 },
  {
    ending: 'cancelled',
    last: (order: ReturnType<typeof orderFor>) => eventOf(orderCancelled, cancelled(order)),
    sold: 0,
    free: 10,
  },
]

test.each(ends)(
  'R9: in any order of delivery, twice each, a $ending order ends the same',
  async ({ last, sold, free }) => {
    for (const swapped of [false, true]) {
      const pen = await shop.product(10)
      const order = orderFor({ [pen]: 2 })
      const events = [eventOf(orderCreated, order), last(order)]
      if (swapped) events.reverse()
      for (const event of [...events, ...events]) await shop.settle(event)
      // a verdict that came too early waits, parked, for what it speaks of
      await shop.database.execute(statement('test-due', 'UPDATE parked SET next_attempt_at = now()'))
      await shop.settler.retryParked()
      expect(await shop.piles(pen)).toEqual({ available: free, reserved: 0, sold })
    }
  },
)

test('R10: a create that arrives after the deadline finds the cancel and holds nothing', async () => {
  const pen = await shop.product(10)
  const order = orderFor({ [pen]: 2 }, { deadlineAt: '2020-01-01T00:00:00.000Z' })
  await shop.settle(eventOf(orderCancelled, cancelled(order)), eventOf(orderCreated, order))
  expect(await shop.reservation(order.orderId)).toEqual({ orderId: order.orderId, state: 'released' })
  expect(await shop.piles(pen)).toEqual({ available: 10, reserved: 0, sold: 0 })
})

test('a payment for an order nobody reserved is parked with an alarm', async () => {
  const order = orderFor({ [newId()]: 1 })
  const event = eventOf(orderPaid, paid(order))
  await shop.settle(event)
  expect(await shop.parked()).toContainEqual({ id: event.id, reason: 'paid_before_reserved' })
})

test('R20: the price is the one in the row when the stock is taken', async () => {
  const pen = await shop.product(10, 1000)
  const raise = statement('test-raise', 'UPDATE products SET price_minor = 1100 WHERE id = $1')
  await shop.database.execute(raise, [pen])
  const [unaware, expecting] = [orderFor({ [pen]: 1 }), orderFor({ [pen]: 1 }, { expectedTotalMinor: 1000 })]
  await shop.settle(eventOf(orderCreated, unaware), eventOf(orderCreated, expecting))
  expect((await shop.told(unaware.orderId))[0]?.data).toMatchObject({ totalMinor: 1100 })
  expect((await shop.told(expecting.orderId))[0]?.data).toMatchObject({
    reason: 'price_changed',
    details: { actualTotalMinor: 1100 },
  })
})

test.each([
  ['deleted', 'UPDATE products SET deleted_at = now() WHERE id = $1'],
  ['switched off', 'UPDATE products SET is_active = false WHERE id = $1'],
  ['priced in another currency', `UPDATE products SET currency = 'USD' WHERE id = $1`],
])('R21: of a product %s nothing more is reserved, and what is held stays held', async (how, sql) => {
  const pen = await shop.product(10)
  const [early, late] = [orderFor({ [pen]: 1 }), orderFor({ [pen]: 1 })]
  await shop.settle(eventOf(orderCreated, early))
  await shop.database.execute(statement(`test-${how}`, sql), [pen])
  await shop.settle(eventOf(orderCreated, late), eventOf(orderPaid, paid(early)))
  expect((await shop.told(late.orderId))[0]?.data).toMatchObject({ reason: 'product_unavailable' })
  expect(await shop.piles(pen)).toEqual({ available: 9, reserved: 0, sold: 1 })
})

test('R23: an order once refused stays refused after a restock, and hears the same answer', async () => {
  const vase = await shop.product(0)
  const order = orderFor({ [vase]: 1 })
  await shop.settle(eventOf(orderCreated, order))
  const restock = statement(
    'test-restock',
    `WITH added AS (UPDATE products SET available = available + 5 WHERE id = $1 RETURNING id)
     INSERT INTO stock_movements (product_id, kind, quantity) SELECT id, 'restock', 5 FROM added`,
  )
  await shop.database.execute(restock, [vase])
  await shop.settle(eventOf(orderCreated, order))
  const [first, again] = await shop.told(order.orderId)
  expect(again).toMatchObject({ type: 'inventory.reservation.failed', repeats: first?.id, data: first?.data })
  expect(await shop.piles(vase)).toEqual({ available: 5, reserved: 0, sold: 0 })
})

test('one poison event in a batch holds up no other, and leaves nothing of itself', async () => {
  const pen = await shop.product(10)
  const [good, bad] = [orderFor({ [pen]: 1 }), orderFor({ [pen]: 1 })]
  const poison = { ...eventOf(orderCreated, bad), data: { ...bad, deadlineAt: 'no time at all' } }
  await shop.settle(poison, eventOf(orderCreated, good))
  expect(await shop.piles(pen)).toEqual({ available: 9, reserved: 1, sold: 0 })
  expect(await shop.reservation(bad.orderId)).toBeUndefined()
  expect(await shop.told(bad.orderId)).toEqual([])
})

test('even without the state machine, stock is not taken twice for one order', async () => {
  const pen = await shop.product(10)
  const order = orderFor({ [pen]: 1 })
  await shop.settle(eventOf(orderCreated, order))
  const again = shop.database.execute(saveReservations, ['[]', [order.orderId], [pen], ['reserve'], [1]])
  await expect(again).rejects.toThrow(/stock_movements_once/)
})

test('the application cannot rewrite what happened to stock and prices, nor remove a product', async () => {
  for (const sql of [
    'UPDATE price_history SET price_minor = 1',
    'DELETE FROM price_history',
    'UPDATE stock_movements SET quantity = 1',
    'DELETE FROM stock_movements',
    'DELETE FROM products',
    'TRUNCATE stock_movements',
  ])
    await expect(shop.database.execute(statement(`test-${sql}`, sql))).rejects.toThrow(/permission denied/)
})
