import { type Id, newId, statement } from '@order-saga/common'
import { forgetIdleCarts } from '../src/use-cases/forget-idle-carts'
import { type CartUnderTest, cartUnderTest } from './cart-under-test'
import { cancelled, created } from './events'

let shop: CartUnderTest
beforeAll(async () => {
  shop = await cartUnderTest()
})
afterAll(() => shop.close())

const fill = async (customer: Id, ...products: Id[]) => {
  for (const product of products) await shop.send(customer, 'PUT', `/cart/items/${product}`, { quantity: 2 })
}
const linesOf = async (customer: Id) => (await shop.send(customer, 'GET', '/cart')).json().lines.length
const age = statement(
  'test-age',
  `UPDATE cart_lines SET changed_at = changed_at - $2 * interval '1 day' WHERE product_id = $1`,
)
const rows = statement<{ carts: number; guests: number }>(
  'test-rows',
  'SELECT (SELECT count(*)::int FROM carts) AS carts, (SELECT count(*)::int FROM guest_carts) AS guests',
)
const rowsLeft = async () => (await shop.database.query(rows))[0]
const forget = () => forgetIdleCarts(shop.database, 30)

test('a cart in which nothing was changed for thirty days is empty, a younger one is not', async () => {
  const [old, young, mixed] = [newId(), newId(), newId()]
  const [first, second, third] = [newId(), newId(), newId()]
  await fill(old, first)
  await fill(young, second)
  await fill(mixed, first, third)
  await shop.database.execute(age, [first, 30.01])
  await shop.database.execute(age, [second, 29.9])
  await forget()
  // whoever changed one line was there: the other stays as well
  expect([await linesOf(old), await linesOf(young), await linesOf(mixed)]).toEqual([0, 1, 2])
  await fill(old, third)
  expect(await linesOf(old)).toBe(1)
})

test('setting a line to what it is keeps the cart', async () => {
  const [customer, product] = [newId(), newId()]
  await shop.hear()
  await fill(customer, product)
  await shop.database.execute(age, [product, 31])
  await fill(customer, product)
  await forget()
  expect(await linesOf(customer)).toBe(1)
})

test('what a cancelled order puts back is there for another thirty days', async () => {
  const [customer, product, order] = [newId(), newId(), newId()]
  await fill(customer, product)
  await shop.database.execute(age, [product, 31])
  await shop.hear(created(order, customer, [{ productId: product, quantity: 1 }]))
  await forget()
  expect(await linesOf(customer)).toBe(1)
  await shop.database.execute(age, [product, 31])
  await forget()
  await shop.hear(cancelled(order, customer, [{ productId: product, quantity: 1 }]))
  await forget()
  expect(await linesOf(customer)).toBe(1)
})

test('more carts than one transaction takes are emptied, also by two instances at once', async () => {
  const product = newId()
  const many = statement(
    'test-many',
    `WITH made AS (
       INSERT INTO carts SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
       FROM generate_series(1, 1200) AS n RETURNING customer_id
     ) SELECT customer_id FROM made`,
  )
  const lines = statement(
    'test-many-lines',
    `INSERT INTO cart_lines (customer_id, product_id, quantity, changed_at)
     SELECT customer_id, $1, 1, now() - interval '31 days' FROM carts WHERE customer_id < '01900000-0000-7000-8000-ffffffffffff'`,
  )
  await shop.database.execute(many)
  await shop.database.execute(lines, [product])
  await Promise.all([forget(), forget()])
  await forget()
  const left = statement<{ n: number }>('test-left', 'SELECT count(*)::int AS n FROM cart_lines WHERE product_id = $1')
  expect(await shop.database.query(left, [product])).toEqual([{ n: 0 }])
})

test('an idle cart that is edited while it is being forgotten keeps what was put in', async () => {
  for (let round = 0; round < 10; round++) {
    const [customer, old, fresh] = [newId(), newId(), newId()]
    await fill(customer, old)
    await shop.database.execute(age, [old, 31])
    await Promise.all([forget(), fill(customer, fresh)])
    const { lines } = (await shop.send(customer, 'GET', '/cart')).json()
    expect(lines.map((line: { productId: Id }) => line.productId)).toContain(fresh)
  }
})

test('an old guest without lines leaves nothing; one with lines leaves when they do', async () => {
  const open = async (): Promise<string> =>
    (await shop.request({ method: 'POST', url: '/guest-carts' })).json().guestToken
  const put = (token: string, product: Id) =>
    shop.request({
      method: 'PUT',
      url: `/guest-cart/items/${product}`,
      headers: { 'guest-token': token },
      payload: { quantity: 1 },
    })
  const before = await rowsLeft()
  const product = newId()
  const [, busy] = [await open(), await open()]
  await put(busy, product)
  const aged = statement('test-age-guests', `UPDATE guest_carts SET created_at = created_at - interval '31 days'`)
  await shop.database.execute(aged)
  await forget()
  expect((await rowsLeft())?.guests).toBe((before?.guests ?? 0) + 1)
  expect((await put(busy, product)).statusCode).toBe(200)
  await shop.database.execute(age, [product, 31])
  await forget()
  expect(await rowsLeft()).toEqual(before)
  expect((await put(busy, product)).statusCode).toBe(400)
})
