import { type Id, newId, type OrderLine } from '@order-saga/common'
import { type CartUnderTest, cartUnderTest } from './cart-under-test'
import { back, cancelled, created, deleted, left, snapshot } from './events'

/** What a cart says about lines that are not any more what the customer put in. */

let shop: CartUnderTest
beforeAll(async () => {
  shop = await cartUnderTest()
})
afterAll(() => shop.close())

const add = (customer: Id, productId: Id, quantity: number) =>
  shop.send(customer, 'POST', '/cart/items', { productId, quantity })
const set = (customer: Id, productId: Id, quantity: number) =>
  shop.send(customer, 'PUT', `/cart/items/${productId}`, { quantity })
const flagsOf = async (customer: Id) => {
  const [line] = (await shop.send(customer, 'GET', '/cart')).json().lines
  const { unitPriceMinor, seenPriceMinor, hasPriceChanged, isAvailable, hasRunShort } = line
  return { unitPriceMinor, seenPriceMinor, hasPriceChanged, isAvailable, hasRunShort }
}

test('a line says when its price has changed, until the customer sets its pieces again', async () => {
  const [customer, desk] = [newId(), newId()]
  await shop.hear(snapshot(desk, 1, { priceMinor: 100, available: 9 }))
  await add(customer, desk, 1)
  expect(await flagsOf(customer)).toMatchObject({ seenPriceMinor: 100, hasPriceChanged: false })
  await shop.hear(snapshot(desk, 2, { priceMinor: 120, available: 9 }))
  const changed = { unitPriceMinor: 120, seenPriceMinor: 100, hasPriceChanged: true }
  expect(await flagsOf(customer)).toMatchObject(changed)
  // more of it: nobody has said yes to the price
  await add(customer, desk, 1)
  expect(await flagsOf(customer)).toMatchObject(changed)
  await set(customer, desk, 2)
  expect(await flagsOf(customer)).toMatchObject({ seenPriceMinor: 120, hasPriceChanged: false })
})

test('a price that came back has not changed', async () => {
  const [customer, desk] = [newId(), newId()]
  await shop.hear(snapshot(desk, 1, { priceMinor: 100 }))
  await add(customer, desk, 1)
  await shop.hear(snapshot(desk, 2, { priceMinor: 120 }), snapshot(desk, 3, { priceMinor: 100 }))
  expect(await flagsOf(customer)).toMatchObject({ hasPriceChanged: false })
})

test('a line says when it has run short, and not when there was never enough', async () => {
  const [customer, other, desk] = [newId(), newId(), newId()]
  await shop.hear(snapshot(desk, 1, { available: 3 }))
  await add(customer, desk, 3)
  await add(other, desk, 4)
  await shop.hear(snapshot(desk, 2, { available: 2 }))
  expect(await flagsOf(customer)).toMatchObject({ isAvailable: false, hasRunShort: true })
  expect(await flagsOf(other)).toMatchObject({ isAvailable: false, hasRunShort: false })
  await set(customer, desk, 2)
  expect(await flagsOf(customer)).toMatchObject({ isAvailable: true, hasRunShort: false })
  await shop.hear(deleted(desk, 3))
  expect(await flagsOf(customer)).toMatchObject({ isAvailable: false, hasRunShort: true })
})

test('a line runs short because others bought, until an order gives some back', async () => {
  const [customer, desk] = [newId(), newId()]
  await shop.hear(snapshot(desk, 1, { priceMinor: 100, available: 9 }))
  await add(customer, desk, 1)
  await shop.hear(left(desk, 4, 4), left(desk, 7, 0))
  expect(await flagsOf(customer)).toMatchObject({ isAvailable: false, hasRunShort: true })
  // late, again, of no known version: none of them says anything new
  await shop.hear(left(desk, 4, 4), left(desk, 7, 0), left(desk, undefined, 3), snapshot(desk, 6, { available: 2 }))
  expect(await flagsOf(customer)).toMatchObject({ isAvailable: false, hasRunShort: true })
  await shop.hear(back(desk, 8, 1))
  expect(await flagsOf(customer)).toMatchObject({ isAvailable: true, hasRunShort: false })
  await shop.hear(snapshot(desk, 10, { available: 3 }), left(desk, 9, 0))
  expect(await flagsOf(customer)).toMatchObject({ isAvailable: true, hasRunShort: false })
})

test('a price that stock has overtaken is heard all the same', async () => {
  const [customer, desk] = [newId(), newId()]
  await shop.hear(snapshot(desk, 1, { priceMinor: 100, available: 9 }))
  await add(customer, desk, 1)
  await shop.hear(left(desk, 3, 0), snapshot(desk, 2, { priceMinor: 120, available: 9 }))
  expect(await flagsOf(customer)).toMatchObject({ unitPriceMinor: 120, hasPriceChanged: true, hasRunShort: true })
})

test('a product nobody had heard of has no price that could have changed', async () => {
  const [customer, desk] = [newId(), newId()]
  await add(customer, desk, 1)
  await shop.hear(snapshot(desk, 1, { priceMinor: 100, available: 9 }))
  expect(await flagsOf(customer)).toMatchObject({ seenPriceMinor: null, hasPriceChanged: false, hasRunShort: false })
})

test('an order that takes some pieces leaves the flag; what it puts back into an empty cart is as of then', async () => {
  const [customer, order, desk] = [newId(), newId(), newId()]
  const lines = (quantity: number): OrderLine[] => [{ productId: desk, quantity }]
  await shop.hear(snapshot(desk, 1, { priceMinor: 100, available: 9 }))
  await add(customer, desk, 3)
  await shop.hear(snapshot(desk, 2, { priceMinor: 120, available: 9 }))
  await shop.hear(created(order, customer, lines(2)))
  expect(await flagsOf(customer)).toMatchObject({ seenPriceMinor: 100, hasPriceChanged: true })
  await shop.hear(cancelled(order, customer, lines(2)))
  expect(await flagsOf(customer)).toMatchObject({ seenPriceMinor: 100, hasPriceChanged: true })
  const whole = newId()
  await shop.hear(created(whole, customer, lines(3)), cancelled(whole, customer, lines(3)))
  expect((await shop.send(customer, 'GET', '/cart')).json().lines).toHaveLength(1)
})
