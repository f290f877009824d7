import { type Envelope, newId, orderCancelled, orderCreated, orderPaid, paymentFailed } from '@order-saga/common'
import { eventOf } from '@order-saga/common/testing'
import { addStock } from '../src/use-cases/add-stock'
import { cancelled, declined, orderFor, paid } from './given'
import { TestShop } from './test-shop'

let shop: TestShop
beforeAll(async () => {
  shop = await TestShop.open()
})
afterEach(async () => expect(await shop.unbalanced()).toEqual([]))
afterAll(() => shop.close())

const inBatchesOf = (size: number, events: readonly Envelope[]): Envelope[][] =>
  Array.from({ length: Math.ceil(events.length / size) }, (_, n) => events.slice(n * size, (n + 1) * size))

const settleInParallel = (batches: readonly Envelope[][]) => Promise.all(batches.map((batch) => shop.settle(...batch)))

const countOf = (events: readonly Envelope[], type: string) => events.filter((event) => event.type === type).length

test('R18: of 500 buyers in parallel batches exactly as many get a piece as there are pieces', async () => {
  const last = await shop.product(37)
  const orders = Array.from({ length: 500 }, () => orderFor({ [last]: 1 }))
  await settleInParallel(
    inBatchesOf(
      25,
      orders.map((order) => eventOf(orderCreated, order)),
    ),
  )
  expect(await shop.piles(last)).toEqual({ available: 0, reserved: 37, sold: 0 })
  const mine = new Set(orders.map(({ orderId }) => orderId))
  const told = (await shop.told()).filter(({ subject }) => mine.has(subject))
  expect(countOf(told, 'inventory.reserved')).toBe(37)
  expect(countOf(told, 'inventory.reservation.failed')).toBe(463)
  expect(new Set(told.map(({ subject }) => subject)).size).toBe(500)
})

test('R18: the last piece goes to one of ten who ask at the same moment, and nobody waits for an answer', async () => {
  for (let round = 0; round < 20; round++) {
    const last = await shop.product(1)
    const orders = Array.from({ length: 10 }, () => orderFor({ [last]: 1 }))
    await Promise.all(orders.map((order) => shop.settle(eventOf(orderCreated, order))))
    expect(await shop.piles(last)).toEqual({ available: 0, reserved: 1, sold: 0 })
  }
  expect(await shop.parked()).toEqual([])
})

test('R19: orders of A,B and of B,A in parallel never deadlock', async () => {
  const [a, b, c] = [await shop.product(10_000), await shop.product(10_000), await shop.product(10_000)]
  const before = await deadlocks()
  const orders = Array.from({ length: 300 }, (_, n) =>
    orderFor(n % 3 === 0 ? { [a]: 1, [b]: 1 } : n % 3 === 1 ? { [b]: 1, [a]: 1, [c]: 1 } : { [c]: 1, [b]: 1 }),
  )
  const created = orders.map((order) => eventOf(orderCreated, order))
  await settleInParallel(inBatchesOf(10, created))
  const ends = orders.map((order, n) =>
    n % 2 ? eventOf(orderCancelled, cancelled(order)) : eventOf(orderPaid, paid(order)),
  )
  const [more, rest] = [ends.reverse(), orders.map(({ orderId: _, ...order }) => ({ ...order, orderId: newId() }))]
  await settleInParallel([
    ...inBatchesOf(10, more),
    ...inBatchesOf(
      10,
      rest.map((order) => eventOf(orderCreated, order)),
    ),
  ])
  expect(await deadlocks()).toBe(before)
  expect(await shop.piles(b)).toEqual({ available: 9_550, reserved: 300, sold: 150 })
})

test('R22: restocks between reservations and releases lose nothing', async () => {
  const pen = await shop.product(100)
  const orders = Array.from({ length: 100 }, () => orderFor({ [pen]: 1 }))
  const author = { adminId: newId(), cause: { correlationId: newId() } }
  const restock = () =>
    shop.database.transaction((tx) =>
      addStock(tx, { id: pen, kind: 'restock', quantity: 3, reason: 'delivery' }, author),
    )
  const steps = orders.map(async (order, n) => {
    await shop.settle(eventOf(orderCreated, order))
    if (n % 5 === 0) await restock()
    if (n % 2 === 0) await shop.settle(eventOf(paymentFailed, declined(order)))
  })
  await Promise.all(steps)
  expect(await shop.piles(pen)).toEqual({ available: 110, reserved: 50, sold: 0 })
})

async function deadlocks(): Promise<number> {
  const { rows } = await shop.database.pool.query(
    'SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()',
  )
  return rows[0].n
}
