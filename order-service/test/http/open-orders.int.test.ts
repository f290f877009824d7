import { newId } from '@order-saga/common'
import { charged } from '../given'
import { body, type OrderUnderTest, orderUnderTest, slugOf } from '../order-under-test'

const LIMIT = 5

let shop: OrderUnderTest
beforeAll(async () => {
  shop = await orderUnderTest({ openOrdersPerCustomer: LIMIT })
})
afterAll(() => shop.close())

const filledUp = async (as = newId()) => {
  const ids: string[] = []
  for (let n = 0; n < LIMIT; n++) ids.push((await shop.place(body, { as, key: `order-${n}` })).json().id)
  return { as, ids }
}

test('E35: who has five orders open is refused the sixth, and gets it once one of them has ended', async () => {
  const { as, ids } = await filledUp()
  const refused = await shop.place(body, { as, key: 'sixth' })
  expect([refused.statusCode, slugOf(refused)]).toEqual([409, 'too-many-open-orders'])
  await shop.saga.settle(charged(ids[2] ?? ''))
  expect((await shop.place(body, { as, key: 'sixth' })).statusCode).toBe(202)
  expect((await shop.place(body, { as })).statusCode).toBe(409)
  await shop.cancel(ids[0] ?? '', as)
  expect((await shop.place(body, { as })).statusCode).toBe(202)
})

test('E35: twenty at once are five orders, and nobody else is held up', async () => {
  const as = newId()
  const [mine, others] = await Promise.all([
    Promise.all(Array.from({ length: 20 }, () => shop.place(body, { as }))),
    Promise.all(Array.from({ length: 20 }, () => shop.place(body, { as: newId() }))),
  ])
  expect(mine.filter(({ statusCode }) => statusCode === 202)).toHaveLength(LIMIT)
  expect(mine.filter((answer) => slugOf(answer) === 'too-many-open-orders')).toHaveLength(15)
  expect(others.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(202))
})

test('a refused order leaves nothing behind, and a retry of an accepted one is answered all the same', async () => {
  const { as, ids } = await filledUp()
  await shop.place(body, { as, key: 'sixth' })
  const again = await shop.place(body, { as, key: 'order-3' })
  expect([again.statusCode, again.json().id]).toEqual([202, ids[3]])
  const stored = await shop.sql<{ id: string }>('SELECT id FROM orders WHERE customer_id = $1 ORDER BY id', [as])
  expect(stored.map(({ id }) => id)).toEqual(ids)
})

test('without a limit anybody may have as many open as they like', async () => {
  const unlimited = await shop.another({ openOrdersPerCustomer: 0 })
  const as = newId()
  const answers = await Promise.all(Array.from({ length: 20 }, () => shop.place(body, { as }, unlimited)))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(202))
})
