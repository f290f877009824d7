import { type Id, newId } from '@order-saga/common'
import { charged, refunded } from '../given'
import { body, type OrderUnderTest, orderUnderTest, slugOf } from '../order-under-test'

let shop: OrderUnderTest
beforeAll(async () => {
  shop = await orderUnderTest()
})
afterAll(() => shop.close())

const placed = async (as = shop.customer): Promise<Id> => (await shop.place(body, { as })).json().id

test('a pending order is cancelled for its customer, and the event says whose wish it was', async () => {
  const id = await placed()
  const answer = await shop.cancel(id)
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    expect.objectContaining({ id, status: 'cancelled', reason: 'customer_request', refund: 'none' }),
  ])
  const [created, cancelled, ...more] = await shop.told(id)
  expect(cancelled).toMatchObject({
    type: 'order.cancelled',
    correlationid: created?.correlationid,
    causationid: created?.id,
    data: { reason: 'customer_request' },
  })
  expect(more).toEqual([])
})

test('cancelling again answers the same and tells nothing', async () => {
  const id = await placed()
  const first = await shop.cancel(id)
  const again = await Promise.all(Array.from({ length: 5 }, () => shop.cancel(id)))
  for (const answer of again) expect([answer.statusCode, answer.body]).toEqual([200, first.body])
  expect(await shop.told(id)).toHaveLength(2)
})

test('a paid order is not cancellable, refunded or not', async () => {
  const id = await placed()
  for (const event of [charged, refunded]) {
    await shop.saga.settle(event(id))
    const answer = await shop.cancel(id)
    expect([answer.statusCode, slugOf(answer)]).toEqual([409, 'order-not-cancellable'])
  }
  expect((await shop.get(`/orders/${id}`)).json()).toMatchObject({ status: 'paid', refund: 'done' })
})

test("somebody else's order is no order, and stays as it is", async () => {
  const id = await placed()
  expect((await shop.cancel(id, newId())).statusCode).toBe(404)
  expect((await shop.get(`/orders/${id}`)).json().status).toBe('pending')
})

describe('the list', () => {
  const customer = newId()
  const ids: Id[] = []
  beforeAll(async () => {
    for (let n = 0; n < 7; n++) ids.unshift(await placed(customer))
    await shop.cancel(ids[2] ?? '', customer)
    await placed()
  })

  const pages = async (url: string | null, found: Id[] = []): Promise<Id[]> => {
    if (url === null) return found
    const { items, next } = (await shop.get(url, { as: customer })).json()
    return pages(next, [...found, ...items.map(({ id }: { id: Id }) => id)])
  }

  test("has the customer's own orders, newest first", async () => {
    expect(await pages('/orders')).toEqual(ids)
  })

  test.each([1, 2, 3, 7, 100])('in pages of %d has each of them once', async (limit) => {
    expect(await pages(`/orders?limit=${limit}`)).toEqual(ids)
  })

  test('goes on where it was while new orders come', async () => {
    const { next } = (await shop.get('/orders?limit=3', { as: customer })).json()
    const late = await placed(customer)
    expect(await pages(next)).toEqual(ids.slice(3))
    ids.unshift(late)
  })

  test('can be asked for one status', async () => {
    expect(await pages('/orders?status=cancelled&limit=1')).toEqual([ids[3]])
    expect(await pages('/orders?status=pending&limit=2')).toHaveLength(7)
  })

  test.each([
    'limit=0',
    'limit=-1',
    'limit=101',
    'limit=100000',
    'limit=x',
    'limit=1.5',
    'limit=',
    'limit=1&limit=2',
    'before=x',
    'before=%00',
    `before=${newId()}'--`,
    'status=lost',
    'page=-1',
    `customerId=${newId()}`,
  ])('refuses %s', async (query) => {
    const answer = await shop.get(`/orders?${query}`)
    expect([answer.statusCode, slugOf(answer)]).toEqual([400, 'validation'])
  })
})
