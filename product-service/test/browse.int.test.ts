import { newId, type Runtime, statement } from '@order-saga/common'
import {
  eventually,
  onlyAsDescribed,
  type TestDatabase,
  type TestTokens,
  testConfig,
  testDatabase,
  testTokens,
} from '@order-saga/common/testing'
import { buildProductService, participant } from '../src'

/** Finding one's way through the catalogue, and what administrators are shown of it. */

let home: TestDatabase
let tokens: TestTokens
let service: Runtime
let admin: Record<string, string>
const adminId = newId()

beforeAll(async () => {
  home = await testDatabase(participant)
  tokens = await testTokens()
  const basic = { ...testConfig(home.url, 'amqp://nobody@127.0.0.1:1'), jwksUrl: tokens.jwksUrl }
  service = onlyAsDescribed(await buildProductService({ ...basic, currency: 'EUR', graceMs: 500, sweepMs: 60_000 }))
  admin = { authorization: tokens.bearer(adminId, 'admin') }
  await service.app.ready()
  await eventually(async () => expect((await get('/products')).json().items).toHaveLength(20))
})
afterAll(async () => {
  await service.stop()
  await tokens.close()
  await home.drop()
})

const get = (url: string, headers = {}) => service.app.inject({ method: 'GET', url, headers })
const send = (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, headers: object = {}) =>
  service.app.inject({ method, url, headers: { ...admin, ...headers }, ...(payload && { payload }) })
const slugOf = (answer: { json(): { type: string } }) => answer.json().type.replace('/problems/', '')

interface Shown {
  readonly id: string
  readonly name: string
  readonly priceMinor: number
}

/** A category of its own, with two names and prices twice. */
async function furnish() {
  const category = `test-${newId()}`
  const wares: [string, number, number][] = [
    ['bowl', 300, 1],
    ['Apron', 100, 0],
    ['cup', 200, 6],
    ['bowl', 200, 9],
    ['Émile', 1, 50],
  ]
  const made: Shown[] = []
  for (const [name, priceMinor, available] of wares)
    made.push((await send('POST', '/products', { sku: newId(), name, category, priceMinor, available })).json())
  return { category, made }
}

async function pages(query: string, limit: number): Promise<Shown[]> {
  const seen: Shown[] = []
  for (let after = ''; ; ) {
    const page = await get(`/products?${query}&limit=${limit}${after && `&after=${after}`}`)
    expect(page.statusCode).toBe(200)
    const { items, next } = page.json()
    seen.push(...items)
    if (next === null) return seen
    after = next
  }
}

const byId = (a: Shown, b: Shown) => (a.id < b.id ? -1 : 1)
const byPrice = (a: Shown, b: Shown) => a.priceMinor - b.priceMinor || byId(a, b)

test.each([1, 2, 3, 100])('every sort shows each product once, in pages of %i', async (limit) => {
  const { category, made } = await furnish()
  const sorted = async (sort: string) =>
    (await pages(`category=${category}&sort=${sort}`, limit)).map(({ id }) => made.findIndex((one) => one.id === id))
  const indexes = (list: Shown[]) => list.map(({ id }) => made.findIndex((one) => one.id === id))
  expect(await sorted('id')).toEqual([0, 1, 2, 3, 4])
  expect(await sorted('-id')).toEqual([4, 3, 2, 1, 0])
  expect(await sorted('price')).toEqual(indexes(made.toSorted(byPrice)))
  expect(await sorted('-price')).toEqual(indexes(made.toSorted(byPrice).reverse()))
  const byName = await sorted('name')
  // whatever the collation makes of É
  expect(byName.filter((at) => at !== 4)).toEqual([1, 0, 3, 2])
  expect(await sorted('-name')).toEqual(byName.toReversed())
})

test('a list without a category is sorted as well', async () => {
  await furnish()
  const prices = (await pages('sort=-price', 7)).map(({ priceMinor }) => priceMinor)
  expect(prices.length).toBeGreaterThan(20)
  expect(prices).toEqual(prices.toSorted((a, b) => b - a))
})

test('a price that changes between two pages moves no other product', async () => {
  const { category, made } = await furnish()
  const query = `/products?category=${category}&sort=price&limit=3`
  const first = (await get(query)).json()
  const [, last] = [first.items[0], first.items[2]]
  await send('PATCH', `/products/${last.id}`, { priceMinor: 9_999 })
  const second = (await get(`${query}&after=${first.next}`)).json()
  const others = [...first.items, ...second.items].filter(({ id }) => id !== last.id).map(({ id }) => id)
  expect(others.toSorted()).toEqual(
    made
      .map(({ id }) => id)
      .filter((id) => id !== last.id)
      .toSorted(),
  )
})

test('prices, stock, text and category narrow the list together', async () => {
  const { category } = await furnish()
  const names = async (query: string) =>
    (await get(`/products?category=${category}&${query}`)).json().items.map(({ name }: Shown) => name)
  expect(await names('minPriceMinor=200')).toEqual(['bowl', 'cup', 'bowl'])
  expect(await names('minPriceMinor=200&maxPriceMinor=200')).toEqual(['cup', 'bowl'])
  expect(await names('maxPriceMinor=100')).toEqual(['Apron', 'Émile'])
  expect(await names('inStock=true')).toEqual(['bowl', 'cup', 'bowl', 'Émile'])
  expect(await names('inStock=true&text=BOWL&maxPriceMinor=250&sort=-price')).toEqual(['bowl'])
})

const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

test.each([
  'sort=stock',
  'sort=price_minor',
  'sort=id;--',
  'sort=price&sort=name',
  'minPriceMinor=-1',
  'minPriceMinor=1.5',
  `maxPriceMinor=${10 ** 13}`,
  'minPriceMinor=2&maxPriceMinor=1',
  'inStock=false',
  'inStock=1',
  'sort=price&after=x',
  `sort=price&after=${newId()}`,
  `after=${cursor('id', '1', newId())}`,
  `sort=price&after=${cursor('-price', '1', newId())}`,
  `sort=price&after=${cursor('price', 'one', newId())}`,
  `sort=price&after=${cursor('price', '99999999999999999999', newId())}`,
  `sort=price&after=${cursor('price', 1, newId())}`,
  `sort=price&after=${cursor('price', '1', 'x')}`,
  `sort=name&after=${cursor('name', 'a\u0000', newId())}`,
  `sort=name&after=${cursor('name', 'a\ud800', newId())}`,
  `sort=name&after=${cursor('name')}`,
])('refuses the query %s', async (query) => {
  const answer = await get(`/products?${query}`)
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8'])
})

test('categories are told with what is on sale in them', async () => {
  const { category, made } = await furnish()
  const [gone, off] = made
  await send('DELETE', `/products/${gone?.id}`)
  await send('PATCH', `/products/${off?.id}`, { isActive: false })
  const { items } = (await get('/categories')).json()
  expect(items).toContainEqual({ category, products: 3 })
  expect(items).toContainEqual({ category: 'outdoor', products: 3 })
  const names: string[] = items.map((one: { category: string }) => one.category)
  expect(names).toEqual([...new Set(names)])
})

describe('an administrator', () => {
  test('reads what a product has cost, and who changed it, also after it is gone', async () => {
    const { made } = await furnish()
    const id = made[0]?.id
    for (const priceMinor of [350, 320]) await send('PATCH', `/products/${id}`, { priceMinor })
    await send('DELETE', `/products/${id}`)
    const { items, next } = (await get(`/products/${id}/prices`, admin)).json()
    expect(items.map(({ priceMinor }: Shown) => priceMinor)).toEqual([320, 350, 300])
    expect(items[0]).toEqual({ priceMinor: 320, changedBy: adminId, validFrom: expect.any(String) })
    expect(next).toBeNull()
    const first = (await get(`/products/${id}/prices?limit=2`, admin)).json()
    expect([...first.items, ...(await get(`/products/${id}/prices?before=${first.next}`, admin)).json().items]).toEqual(
      items,
    )
    const nothing = await get(`/products/${newId()}/prices`, admin)
    expect([nothing.statusCode, slugOf(nothing)]).toEqual([404, 'not-found'])
  })

  test('reads who moved stock by hand, and why, also after the product is gone', async () => {
    const { made } = await furnish()
    const id = made[3]?.id
    await send('POST', `/products/${id}/restock`, { quantity: 5, reason: 'delivery 17' })
    await send('POST', `/products/${id}/adjust`, { quantity: -2, reason: 'broken' })
    await send('POST', `/products/${id}/adjust`, { quantity: -99, reason: 'refused' })
    await send('DELETE', `/products/${id}`)
    const { items, next } = (await get(`/products/${id}/movements`, admin)).json()
    const by = { id: expect.any(Number), at: expect.any(String), changedBy: adminId }
    expect(items).toEqual([
      { ...by, kind: 'adjust', quantity: -2, reason: 'broken' },
      { ...by, kind: 'restock', quantity: 5, reason: 'delivery 17' },
      { ...by, kind: 'initial', quantity: 9, reason: null },
    ])
    expect(next).toBeNull()
    const first = (await get(`/products/${id}/movements?limit=2`, admin)).json()
    const second = (await get(`/products/${id}/movements?limit=2&before=${first.next}`, admin)).json()
    expect([...first.items, ...second.items]).toEqual(items)
    const nothing = await get(`/products/${newId()}/movements`, admin)
    expect([nothing.statusCode, slugOf(nothing)]).toEqual([404, 'not-found'])
  })

  test('reads what is running out', async () => {
    const { made } = await furnish()
    const ids = new Set(made.map(({ id }) => id))
    const low = async (query: string) => {
      const found: { id: string; available: number }[] = []
      for (let after = ''; ; ) {
        const { items, next } = (await get(`/low-stock?limit=2&${query}${after && `&after=${after}`}`, admin)).json()
        found.push(...items)
        if (next === null) return found.filter(({ id }) => ids.has(id)).map(({ available }) => available)
        after = next
      }
    }
    expect(await low('')).toEqual([1, 0])
    expect(await low('threshold=0')).toEqual([0])
    expect(await low('threshold=9')).toEqual([1, 0, 6, 9])
    await send('DELETE', `/products/${made[1]?.id}`)
    expect(await low('')).toEqual([1])
  })

  test('is told once when a correction leaves little, and not again below', async () => {
    const { made } = await furnish()
    const id = made[3]?.id
    const outbox = statement<{ data: object }>(
      'test-low-stock',
      `SELECT envelope -> 'data' AS data FROM outbox
       WHERE envelope ->> 'type' = 'product.low_stock' AND envelope ->> 'subject' = $1 ORDER BY id`,
    )
    const adjust = (quantity: number) => send('POST', `/products/${id}/adjust`, { quantity, reason: 'broken' })
    await adjust(-3)
    expect(await service.database.query(outbox, [id])).toEqual([])
    await adjust(-1)
    await adjust(-1)
    await adjust(-4)
    expect(await service.database.query(outbox, [id])).toEqual([
      { data: { productId: id, available: 5, threshold: 5, version: 3 } },
      { data: { productId: id, available: 0, threshold: 5, version: 5 } },
    ])
  })

  test('deletes nothing that has changed since it was seen', async () => {
    const { made } = await furnish()
    const url = `/products/${made[0]?.id}`
    const { etag } = (await get(url)).headers
    await send('PATCH', url, { name: 'Vase' })
    const stale = await send('DELETE', url, undefined, { 'if-match': etag })
    expect([stale.statusCode, slugOf(stale)]).toEqual([412, 'stale-version'])
    const { etag: current } = (await get(url)).headers
    expect((await send('DELETE', url, undefined, { 'if-match': current })).statusCode).toBe(204)
  })
})

test.each(['/low-stock', `/products/${newId()}/prices`, `/products/${newId()}/movements`])(
  '%s is for administrators',
  async (url) => {
    expect((await get(url)).statusCode).toBe(401)
    expect((await get(url, { authorization: tokens.bearer(newId()) })).statusCode).toBe(403)
  },
)

test.each([
  '/low-stock?threshold=-1',
  '/low-stock?after=1',
  `/products/${newId()}/prices?before=yesterday`,
  `/products/${newId()}/movements?before=0`,
])('refuses %s', async (url) => {
  const answer = await get(url, admin)
  expect([answer.statusCode, slugOf(answer)]).toEqual([400, 'validation'])
})
