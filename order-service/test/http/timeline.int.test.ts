import { type Id, newId } from '@order-saga/common'
import { charged, refunded, reserved, unreservable } from '../given'
import { type OrderUnderTest, orderUnderTest, slugOf } from '../order-under-test'

let shop: OrderUnderTest
beforeAll(async () => {
  shop = await orderUnderTest()
})
afterAll(() => shop.close())

const placed = async (): Promise<Id> => (await shop.place()).json().id
const timeline = async (id: Id, as?: Id) => shop.get(`/orders/${id}/timeline`, as ? { as } : {})
const stepsOf = async (id: Id): Promise<string[]> =>
  (await timeline(id)).json().steps.map(({ step }: { step: string }) => step)

test('a paid order tells when it was placed, priced, paid and refunded', async () => {
  const id = await placed()
  for (const event of [reserved, charged, refunded]) await shop.saga.settle(event(id))
  const answer = await timeline(id)
  expect(answer.statusCode).toBe(200)
  const { orderId, steps } = answer.json()
  expect(orderId).toBe(id)
  expect(steps).toMatchObject([
    { step: 'placed', version: 1, status: 'pending', refund: 'none', reason: null },
    { step: 'priced', version: 2, status: 'pending', refund: 'none' },
    { step: 'paid', version: 3, status: 'paid', refund: 'none' },
    { step: 'refunded', version: 4, status: 'paid', refund: 'done' },
  ])
  const times = steps.map(({ at }: { at: string }) => Date.parse(at))
  expect(times).toEqual(times.toSorted((a: number, b: number) => a - b))
})

test('a cancelled order tells why, and when the money that came too late went back', async () => {
  const id = await placed()
  await shop.cancel(id)
  for (const event of [charged, refunded]) await shop.saga.settle(event(id))
  expect(await stepsOf(id)).toEqual(['placed', 'cancelled', 'refund_due', 'refunded'])
  expect((await timeline(id)).json().steps[1]).toMatchObject({ status: 'cancelled', reason: 'customer_request' })
})

test('what came twice, or came to nothing, is no step', async () => {
  const id = await placed()
  for (const event of [unreservable, unreservable, reserved]) await shop.saga.settle(event(id))
  expect(await stepsOf(id)).toEqual(['placed', 'cancelled'])
})

test("somebody else's order has no timeline, no more than one that was never placed", async () => {
  const id = await placed()
  const withoutPath = ({ instance: _, requestId: __, ...body }: Record<string, unknown>) => body
  const [foreign, nothing] = await Promise.all([timeline(id, newId()), timeline(newId())])
  expect([foreign.statusCode, slugOf(foreign)]).toEqual([404, 'not-found'])
  expect(withoutPath(foreign.json())).toEqual(withoutPath(nothing.json()))
})

test.each(['x', '%00', '0', `${newId()}x`])('an id such as %s is refused', async (id) => {
  expect((await timeline(id)).statusCode).toBe(400)
})

test('nobody without a token sees a timeline', async () => {
  const answer = await shop.runtime.app.inject({ url: `/orders/${newId()}/timeline` })
  expect([answer.statusCode, slugOf(answer)]).toEqual([401, 'unauthenticated'])
})
