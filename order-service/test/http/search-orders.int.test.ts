import { type Id, newId } from '@order-saga/common'
import { charged, declined, reserved, unreservable } from '../given'
import { body, type OrderUnderTest, orderUnderTest, slugOf } from '../order-under-test'

const ada = newId()
const bob = newId()

let shop: OrderUnderTest
let pending: Id
let paid: Id
let unavailable: Id
let refused: Id
let owing: Id
beforeAll(async () => {
  shop = await orderUnderTest()
  const placed = async (as: Id): Promise<Id> => (await shop.place(body, { as })).json().id
  pending = await placed(ada)
  paid = await placed(bob)
  unavailable = await placed(ada)
  refused = await placed(bob)
  owing = await placed(ada)
  await shop.cancel(owing, ada)
  await shop.saga.settle(reserved(paid), charged(paid), unreservable(unavailable), declined(refused), charged(owing))
  await shop.sql(`UPDATE orders SET created_at = created_at - interval '1 hour' WHERE id = ANY($1)`, [[pending, paid]])
})
afterAll(() => shop.close())

const search = async (query = '', url = `/admin/orders?${query}`) =>
  shop.runtime.app.inject({ url, headers: { authorization: shop.tokens.bearer(newId(), 'admin') } })

const found = async (query: string): Promise<Id[]> => (await search(query)).json().items.map(({ id }: { id: Id }) => id)

test('an administrator sees the orders of everybody, newest first, with whose they are', async () => {
  const answer = await search()
  expect(answer.statusCode).toBe(200)
  const { items, next } = answer.json()
  expect(items.map(({ id }: { id: Id }) => id)).toEqual([owing, refused, unavailable, paid, pending])
  expect(next).toBeNull()
  expect(items[4]).toMatchObject({ id: pending, customerId: ada, status: 'pending', fromCart: false })
  expect(answer.body).not.toContain('tok_visa')
})

test.each<[string, () => Id[]]>([
  ['status=pending', () => [pending]],
  ['status=cancelled', () => [owing, refused, unavailable]],
  ['reason=out_of_stock', () => [unavailable]],
  ['reason=payment_declined&status=cancelled', () => [refused]],
  ['reason=payment_declined&status=paid', () => []],
  ['refund=due', () => [owing]],
  ['minAgeS=1800', () => [paid, pending]],
  ['minAgeS=1800&status=pending', () => [pending]],
  ['maxAgeS=1800', () => [owing, refused, unavailable]],
  ['minAgeS=1800&maxAgeS=1801', () => []],
  [`customerId=${bob}`, () => [refused, paid]],
  [`customerId=${ada}&status=cancelled&maxAgeS=1800`, () => [owing, unavailable]],
  [`customerId=${newId()}`, () => []],
])('asked for %s it finds those alone', async (query, expected) => {
  expect(await found(query)).toEqual(expected())
})

test.each(['', 'status=cancelled', 'maxAgeS=1800', `customerId=${ada}`])(
  'pages keep the filters (%s) and have each order once',
  async (query) => {
    const seen: Id[] = []
    let url: string | null = `/admin/orders?limit=1&${query}`
    while (url) {
      const { items, next } = (await search('', url)).json() as { items: { id: Id }[]; next: string | null }
      seen.push(...items.map(({ id }) => id))
      url = next
    }
    expect(seen).toEqual(await found(query))
  },
)

test.each([
  'limit=0',
  'limit=101',
  'status=lost',
  'reason=declined',
  'refund=maybe',
  'minAgeS=-1',
  'minAgeS=1.5',
  'minAgeS=99999999999',
  'maxAgeS=x',
  'customerId=x',
  'before=%00',
  'sort=total',
])('refuses %s', async (query) => {
  const answer = await search(query)
  expect([answer.statusCode, slugOf(answer)]).toEqual([400, 'validation'])
})

test('a customer may not search, not even their own', async () => {
  const answer = await shop.get(`/admin/orders?customerId=${ada}`, { as: ada })
  expect([answer.statusCode, slugOf(answer)]).toEqual([403, 'forbidden'])
  expect((await shop.runtime.app.inject({ url: '/admin/orders' })).statusCode).toBe(401)
})

test('a customer finds own orders by reason and refund, and never those of others', async () => {
  const own = async (query: string, as: Id) =>
    (await shop.get(`/orders?${query}`, { as })).json().items.map(({ id }: { id: Id }) => id)
  expect(await own('reason=out_of_stock', ada)).toEqual([unavailable])
  expect(await own('reason=out_of_stock', bob)).toEqual([])
  expect(await own('refund=due&status=cancelled', ada)).toEqual([owing])
  expect((await shop.get('/orders?minAgeS=1', { as: ada })).statusCode).toBe(400)
})
