import { MAX_LINES, newId } from '@order-saga/common'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { type CartUnderTest, cartUnderTest } from './cart-under-test'
import { snapshot } from './events'

let shop: CartUnderTest
beforeAll(async () => {
  shop = await cartUnderTest()
})
afterAll(() => shop.close())

const desk = newId()
const slugOf = (answer: { json(): { type: string } }) => answer.json().type.replace('/problems/', '')

test('an empty cart has no lines and costs nothing', async () => {
  const answer = await shop.send(newId(), 'GET', '/cart')
  expect([answer.statusCode, answer.json()]).toEqual([200, { lines: [], totalMinor: 0, currency: 'EUR' }])
  expect(answer.headers['cache-control']).toBe('no-store')
})

test('adding answers the cart with current prices; the same product again is one line', async () => {
  const customer = newId()
  await shop.hear(snapshot(desk, 1, { name: 'Desk', priceMinor: 3490, available: 9 }))
  await shop.send(customer, 'POST', '/cart/items', { productId: desk, quantity: 2 })
  const answer = await shop.send(customer, 'POST', '/cart/items', { productId: desk, quantity: 1 })
  const line = { productId: desk, quantity: 3, name: 'Desk', unitPriceMinor: 3490, currency: 'EUR' }
  const flags = { seenPriceMinor: 3490, hasPriceChanged: false, hasRunShort: false }
  const lines = [{ ...line, lineTotalMinor: 10470, isAvailable: true, ...flags }]
  expect([answer.statusCode, answer.json()]).toEqual([200, { lines, totalMinor: 10470, currency: 'EUR' }])
  expect((await shop.send(customer, 'GET', '/cart')).json()).toEqual(answer.json())
})

test('lines keep the order in which they came', async () => {
  const customer = newId()
  const products = [newId(), newId(), newId()].reverse()
  for (const productId of products) await shop.send(customer, 'POST', '/cart/items', { productId, quantity: 1 })
  const again = { productId: products[0], quantity: 1 }
  const { lines } = (await shop.send(customer, 'POST', '/cart/items', again)).json()
  expect(lines.map((line: { productId: string }) => line.productId)).toEqual(products)
})

test('setting, removing and emptying can be repeated', async () => {
  const customer = newId()
  for (let i = 0; i < 2; i++) {
    const answer = await shop.send(customer, 'PUT', `/cart/items/${desk}`, { quantity: 7 })
    expect([answer.statusCode, answer.json().lines[0].quantity]).toEqual([200, 7])
  }
  for (let i = 0; i < 2; i++) {
    const answer = await shop.send(customer, 'DELETE', `/cart/items/${desk}`)
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
  }
  await shop.send(customer, 'PUT', `/cart/items/${desk}`, { quantity: 7 })
  for (let i = 0; i < 2; i++) expect((await shop.send(customer, 'DELETE', '/cart')).statusCode).toBe(204)
  expect((await shop.send(customer, 'GET', '/cart')).json().lines).toEqual([])
})

test('the product too many and the piece too many are refused, and change nothing', async () => {
  const customer = newId()
  for (let i = 0; i < MAX_LINES; i++)
    await shop.send(customer, 'POST', '/cart/items', { productId: newId(), quantity: 1 })
  const before = (await shop.send(customer, 'GET', '/cart')).json()
  const known = before.lines[0].productId
  for (const answer of [
    await shop.send(customer, 'POST', '/cart/items', { productId: newId(), quantity: 1 }),
    await shop.send(customer, 'PUT', `/cart/items/${newId()}`, { quantity: 1 }),
    await shop.send(customer, 'POST', '/cart/items', { productId: known, quantity: 1000 }),
  ])
    expect([answer.statusCode, slugOf(answer)]).toEqual([409, 'cart-full'])
  expect((await shop.send(customer, 'GET', '/cart')).json()).toEqual(before)
})

test('twenty at once never get past the limit', async () => {
  const customer = newId()
  const add = { productId: desk, quantity: 100 }
  const answers = await Promise.all(Array.from({ length: 20 }, () => shop.send(customer, 'POST', '/cart/items', add)))
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(10)
  expect((await shop.send(customer, 'GET', '/cart')).json().lines[0].quantity).toBe(1000)
})

const item = { productId: desk, quantity: 1 }
const wrongItems: [string, object][] = [
  ['null for a body', null as never],
  ['a list', [item]],
  ['no product', { quantity: 1 }],
  ['a product that is no id', { ...item, productId: 'desk' }],
  ['an id of version 4', { ...item, productId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301' }],
  ['an id with NUL', { ...item, productId: `${desk}\u0000` }],
  ['a price', { ...item, unitPriceMinor: 1 }],
  ["somebody else's cart", { ...item, customerId: newId() }],
]
const wrongQuantities = [0, -1, 1.5, 1001, 2 ** 31, Number.MAX_SAFE_INTEGER + 2, '2', true, [5], null, '']
for (const quantity of wrongQuantities)
  wrongItems.push([`a quantity of ${JSON.stringify(quantity)}`, { ...item, quantity }])

const asJson = wrongItems.map(([name, payload]): [string, string] => [name, JSON.stringify(payload)])
// a number of JSON that JavaScript has not: it is read as infinity
asJson.push(['a quantity of 1e400', `{"productId":"${desk}","quantity":1e400}`])

test.each(asJson)('refuses %s', async (_, payload) => {
  const customer = newId()
  const answer = await shop.request({
    method: 'POST',
    url: '/cart/items',
    headers: { authorization: shop.tokens.bearer(customer), 'content-type': 'application/json' },
    payload,
  })
  expect([answer.statusCode, slugOf(answer)]).toEqual([400, 'validation'])
  expect((await shop.send(customer, 'GET', '/cart')).json().lines).toEqual([])
})

test.each([
  ['PUT', '/cart/items/desk', { quantity: 1 }],
  ['PUT', `/cart/items/${desk}`, { quantity: 0 }],
  ['PUT', `/cart/items/${desk}`, { quantity: 1, productId: desk }],
  ['DELETE', '/cart/items/%00', undefined],
] as const)('refuses %s %s %j', async (method, url, payload) => {
  const answer = await shop.send(newId(), method, url, payload)
  expect([answer.statusCode, slugOf(answer)]).toEqual([400, 'validation'])
})

test('nobody sees or changes the cart of another', async () => {
  const [owner, other] = [newId(), newId()]
  await shop.send(owner, 'PUT', `/cart/items/${desk}`, { quantity: 3 })
  await shop.send(other, 'PUT', `/cart/items/${desk}`, { quantity: 9 })
  await shop.send(other, 'DELETE', `/cart/items/${desk}`)
  await shop.send(other, 'DELETE', '/cart')
  expect((await shop.send(other, 'GET', '/cart')).json().lines).toEqual([])
  expect((await shop.send(owner, 'GET', '/cart')).json().lines[0].quantity).toBe(3)
})

test.each([
  ['GET', '/cart'],
  ['POST', '/cart/items'],
  ['PUT', `/cart/items/${desk}`],
  ['DELETE', `/cart/items/${desk}`],
  ['DELETE', '/cart'],
  ['POST', '/cart/merge'],
] as const)('%s %s needs a valid token', async (method, url) => {
  const without = await shop.request({ method, url })
  const authorization = shop.tokens.bearer(newId(), 'customer', { expiresIn: -100 })
  const expired = await shop.request({ method, url, headers: { authorization } })
  expect([without.statusCode, expired.statusCode, slugOf(without)]).toEqual([401, 401, 'unauthenticated'])
})

test('every body is shown with an example that could be sent', async () => {
  interface Described {
    readonly tags?: readonly string[]
    readonly requestBody?: { readonly content: Record<string, { schema: TSchema; example?: unknown }> }
  }
  const { paths } = (await shop.request({ url: '/docs/json' })).json()
  const operations = Object.values<Record<string, Described>>(paths).flatMap((path) => Object.values(path))
  const own = operations.filter(({ tags = [] }) => tags.includes('cart') || tags.includes('guests'))
  expect(own).toHaveLength(11)
  const bodies = own.flatMap(({ requestBody }) => requestBody?.content['application/json'] ?? [])
  expect(bodies).toHaveLength(5)
  for (const { schema, example } of bodies) expect([example, Compile(schema).Check(example)]).toEqual([example, true])
})
