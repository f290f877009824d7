import { newId, type Runtime } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { body, type OrderUnderTest, orderUnderTest, slugOf } from '../order-under-test'

let shop: OrderUnderTest
let cutOff: Runtime
beforeAll(async () => {
  shop = await orderUnderTest()
  cutOff = await shop.another({ databaseUrl: 'postgres://order_service_app:x@127.0.0.1:1/orders' })
})
afterAll(() => shop.close())

test.each([
  ['POST', '/orders', body],
  ['POST', '/orders', { paymentToken: 'tok_visa' }],
  ['GET', `/orders/${newId()}`, undefined],
  ['GET', '/orders', undefined],
  ['POST', `/orders/${newId()}/cancel`, undefined],
] as const)('%s %s answers 503 within two seconds while the database is away', async (method, url, payload) => {
  const headers = { ...shop.authorized(), 'idempotency-key': 'k', prefer: 'wait=5' }
  // again where the machine had something else to do
  await eventually(async () => {
    const beganAtMs = performance.now()
    const answer = await cutOff.app.inject({ method, url, headers, ...(payload && { payload }) })
    const said = [answer.statusCode, slugOf(answer), answer.headers['retry-after']]
    expect(said).toEqual([503, 'service-unavailable', '1'])
    expect(performance.now() - beganAtMs).toBeLessThan(2_000)
  })
})

test('it is alive, says what it misses, and answers no details', async () => {
  expect((await cutOff.app.inject('/livez')).statusCode).toBe(200)
  const ready = await cutOff.app.inject('/readyz')
  expect([ready.statusCode, ready.json().missing]).toEqual([503, expect.arrayContaining(['database'])])
  expect(ready.body).not.toContain('ECONNREFUSED')
})
