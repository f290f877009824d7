import { type Id, MAX_LINES, newId, statement } from '@order-saga/common'
import { type CartUnderTest, cartUnderTest } from './cart-under-test'
import { snapshot } from './events'

let shop: CartUnderTest
beforeAll(async () => {
  shop = await cartUnderTest()
})
afterAll(() => shop.close())

type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE'
const slugOf = (answer: { json(): { type: string } }) => answer.json().type.replace('/problems/', '')
const open = async (): Promise<string> =>
  (await shop.request({ method: 'POST', url: '/guest-carts' })).json().guestToken
const ask = (token: string, method: Verb, url: string, payload?: object) =>
  shop.request({ method, url, headers: { 'guest-token': token }, ...(payload && { payload }) })
const put = (token: string, productId: Id, quantity: number) =>
  ask(token, 'POST', '/guest-cart/items', { productId, quantity })
const merge = (customer: Id, guestToken: unknown) => shop.send(customer, 'POST', '/cart/merge', { guestToken })
const piecesOf = (answer: { json(): { lines: { productId: Id; quantity: number }[] } }) =>
  Object.fromEntries(answer.json().lines.map(({ productId, quantity }) => [productId, quantity]))
const cartOf = async (customer: Id) => piecesOf(await shop.send(customer, 'GET', '/cart'))

test('a guest fills, changes and sees a cart that nobody keeps a copy of', async () => {
  const [token, desk, lamp] = [await open(), newId(), newId()]
  await shop.hear(snapshot(desk, 1, { name: 'Desk', priceMinor: 100, available: 9 }))
  await put(token, desk, 1)
  await put(token, desk, 2)
  await ask(token, 'PUT', `/guest-cart/items/${lamp}`, { quantity: 5 })
  const seen = await ask(token, 'GET', '/guest-cart')
  expect([seen.statusCode, piecesOf(seen)]).toEqual([200, { [desk]: 3, [lamp]: 5 }])
  expect(seen.json().lines[0]).toMatchObject({ name: 'Desk', lineTotalMinor: 300 })
  expect(seen.headers['cache-control']).toBe('no-store')
  expect((await ask(token, 'DELETE', `/guest-cart/items/${lamp}`)).statusCode).toBe(204)
  expect(piecesOf(await ask(token, 'GET', '/guest-cart'))).toEqual({ [desk]: 3 })
})

test('two guests have two carts, and the database does not know how to open one', async () => {
  const [one, other, desk] = [await open(), await open(), newId()]
  await put(one, desk, 1)
  expect(piecesOf(await ask(other, 'GET', '/guest-cart'))).toEqual({})
  const stored = statement<{ row: string }>('test-guests', 'SELECT guest_carts::text AS row FROM guest_carts')
  const rows = (await shop.database.query(stored)).map(({ row }) => row).join()
  for (const token of [one, other]) {
    expect(rows).not.toContain(token)
    expect(rows).not.toContain(Buffer.from(token).toString('hex'))
  }
})

test('after logging in a guest finds everything in the own cart, once', async () => {
  const [token, customer, desk, lamp] = [await open(), newId(), newId(), newId()]
  await put(token, desk, 2)
  await put(token, lamp, 1)
  await shop.send(customer, 'POST', '/cart/items', { productId: desk, quantity: 3 })
  const merged = await merge(customer, token)
  expect([merged.statusCode, piecesOf(merged), merged.json().leftOut]).toEqual([200, { [desk]: 5, [lamp]: 1 }, []])
  // the answer was lost, and it is asked again
  const again = await merge(customer, token)
  expect([again.statusCode, piecesOf(again)]).toEqual([200, { [desk]: 5, [lamp]: 1 }])
  expect(await cartOf(customer)).toEqual({ [desk]: 5, [lamp]: 1 })
})

test('twenty merges at once are one', async () => {
  const [token, customer, desk] = [await open(), newId(), newId()]
  await put(token, desk, 2)
  const answers = await Promise.all(Array.from({ length: 20 }, () => merge(customer, token)))
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
  expect(await cartOf(customer)).toEqual({ [desk]: 2 })
})

test('what is put in while it is merged is in the one cart or refused, never lost', async () => {
  for (let round = 0; round < 10; round++) {
    const [token, customer, desk, lamp] = [await open(), newId(), newId(), newId()]
    await put(token, desk, 1)
    const [added] = await Promise.all([put(token, lamp, 1), merge(customer, token)])
    const expected = added.statusCode === 200 ? { [desk]: 1, [lamp]: 1 } : { [desk]: 1 }
    expect([200, 400]).toContain(added.statusCode)
    expect(await cartOf(customer)).toEqual(expected)
  }
})

test('a merged cart is nobody else’s, and the guest’s not any more', async () => {
  const [token, customer, stranger, desk] = [await open(), newId(), newId(), newId()]
  await put(token, desk, 2)
  await merge(customer, token)
  const refused = [await merge(stranger, token), await ask(token, 'GET', '/guest-cart'), await put(token, desk, 1)]
  for (const answer of refused) expect([answer.statusCode, slugOf(answer)]).toEqual([400, 'invalid-guest-token'])
  expect([await cartOf(stranger), await cartOf(customer)]).toEqual([{}, { [desk]: 2 }])
})

test('what finds no room is told, and the rest is merged', async () => {
  const [token, customer, desk, lamp] = [await open(), newId(), newId(), newId()]
  await put(token, desk, 600)
  await put(token, lamp, 7)
  await shop.send(customer, 'POST', '/cart/items', { productId: desk, quantity: 600 })
  for (let n = 1; n < MAX_LINES; n++)
    await shop.send(customer, 'POST', '/cart/items', { productId: newId(), quantity: 1 })
  const merged = await merge(customer, token)
  expect([merged.statusCode, piecesOf(merged)[desk], piecesOf(merged)[lamp]]).toEqual([200, 1000, undefined])
  expect(merged.json().leftOut).toEqual(
    expect.arrayContaining([
      { productId: desk, quantity: 200 },
      { productId: lamp, quantity: 7 },
    ]),
  )
})

test('a price that changed since the guest saw it is flagged in the own cart', async () => {
  const [token, customer, desk] = [await open(), newId(), newId()]
  await shop.hear(snapshot(desk, 1, { priceMinor: 100, available: 9 }))
  await put(token, desk, 1)
  await shop.hear(snapshot(desk, 2, { priceMinor: 120, available: 0 }))
  const [line] = (await merge(customer, token)).json().lines
  expect(line).toMatchObject({ seenPriceMinor: 100, hasPriceChanged: true, hasRunShort: true })
})

test('a guest has the limits of a customer', async () => {
  const [token, desk] = [await open(), newId()]
  await put(token, desk, 1000)
  const tooMuch = await put(token, desk, 1)
  expect([tooMuch.statusCode, slugOf(tooMuch)]).toEqual([409, 'cart-full'])
})

const unknown = 'x'.repeat(43)
const desk = newId()

test.each<[Verb, string, object | undefined]>([
  ['GET', '/guest-cart', undefined],
  ['POST', '/guest-cart/items', { productId: desk, quantity: 1 }],
  ['PUT', `/guest-cart/items/${desk}`, { quantity: 1 }],
  ['DELETE', `/guest-cart/items/${desk}`, undefined],
])('%s %s needs the token of a guest', async (method, url, payload) => {
  const never = await ask(unknown, method, url, payload)
  expect([never.statusCode, slugOf(never)]).toEqual([400, 'invalid-guest-token'])
  for (const headers of [{}, { 'guest-token': '' }, { 'guest-token': 'x'.repeat(201) }, { 'guest-token': desk }]) {
    const answer = await shop.request({ method, url, headers, ...(payload && { payload }) })
    expect([answer.statusCode, slugOf(answer)]).toEqual([400, 'validation'])
  }
})

test.each([null, '', 7, ['x'.repeat(43)], 'x'.repeat(42), desk])('refuses to merge the cart of %j', async (token) => {
  const answer = await merge(newId(), token)
  expect([answer.statusCode, slugOf(answer)]).toEqual([400, 'validation'])
})

test('refuses to merge the cart of nobody', async () => {
  const answer = await merge(newId(), unknown)
  expect([answer.statusCode, slugOf(answer)]).toEqual([400, 'invalid-guest-token'])
})
