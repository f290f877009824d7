import { Database, newId, type Runtime, statement } from '@order-saga/common'
import {
  eventually,
  onlyAsDescribed,
  type TestDatabase,
  type TestTokens,
  testConfig,
  testDatabase,
  testTokens,
} from '@order-saga/common/testing'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { buildProductService, LAST_COPIES, participant, SOLD_OUT, seedCatalogue, seedProducts } from '../src'
import { askAboutOverdue } from '../src/use-cases/ask-about-overdue'

let home: TestDatabase
let tokens: TestTokens
let service: Runtime
let admin: Record<string, string>
const adminId = newId()
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  home = await testDatabase(participant)
  closers.push(() => home.drop())
  tokens = await testTokens()
  closers.push(() => tokens.close())
  const basic = { ...testConfig(home.url, 'amqp://nobody@127.0.0.1:1'), jwksUrl: tokens.jwksUrl }
  const own = { currency: 'EUR', graceMs: 500, sweepMs: 200 }
  service = onlyAsDescribed(await buildProductService({ ...basic, ...own }))
  closers.push(() => service.stop())
  admin = { authorization: tokens.bearer(adminId, 'admin') }
  await service.app.ready()
  await eventually(async () => expect((await get('/products')).json().items).toHaveLength(20))
})
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

const get = (url: string, headers = {}) => service.app.inject({ method: 'GET', url, headers })
const send = (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, headers: object = admin) =>
  service.app.inject({ method, url, headers: { ...headers }, ...(payload && { payload }) })

const newProduct = (overrides = {}) => ({
  sku: `SKU-${newId()}`,
  name: 'Linen apron',
  category: `test-${newId()}`,
  priceMinor: 4200,
  available: 10,
  ...overrides,
})
const create = async (overrides = {}) => (await send('POST', '/products', newProduct(overrides))).json()

const outbox = statement<{ envelope: { type: string; data: object; correlationid: string; traceparent?: string } }>(
  'test-outbox',
  `SELECT envelope FROM outbox WHERE envelope ->> 'subject' = $1 ORDER BY id`,
)
const told = async (id: string) =>
  (await service.database.query(outbox, [id])).map(({ envelope }) => [envelope.type, envelope.data])
const prices = statement<{ price: string; changed_by: string }>(
  'test-prices',
  'SELECT price_minor AS price, changed_by FROM price_history WHERE product_id = $1 ORDER BY valid_from',
)
const movements = statement<{ kind: string; quantity: number; changed_by: string | null }>(
  'test-movements',
  'SELECT kind, quantity, changed_by FROM stock_movements WHERE product_id = $1 ORDER BY id',
)

describe('the catalogue', () => {
  test('shows its first products to everybody, in pages that neither skip nor repeat', async () => {
    const seen: string[] = []
    for (let after = ''; ; ) {
      const { items, next } = (await get(`/products?limit=4${after && `&after=${after}`}`)).json()
      seen.push(...items.map(({ id }: { id: string }) => id))
      if (next === null) break
      after = next
    }
    expect(seen.slice(0, seedProducts.length)).toEqual(seedProducts.map(({ id }) => id))
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('is narrowed by text in name or description, whatever its case, and by category', async () => {
    const skus = async (query: string) =>
      (await get(`/products?${query}`)).json().items.map(({ sku }: { sku: string }) => sku)
    expect(await skus('text=KETTLE')).toEqual(['KETTLE-01'])
    expect(await skus('text=fountain')).toEqual(['NOTE-A5-01'])
    expect(await skus('text=%25')).toEqual(['KEYB-75-01'])
    expect(await skus('category=outdoor')).toEqual(['TENT-2P-01', 'BOTTLE-75-01', 'PACK-28-01'])
    expect(await skus('category=outdoor&text=steel')).toEqual(['BOTTLE-75-01'])
  })

  test.each(['limit=0', 'limit=101', 'after=1', 'page=2', 'text='])('refuses the query %s', async (query) => {
    expect((await get(`/products?${query}`)).statusCode).toBe(400)
  })

  test('answers 404 for a product that never was and 400 for an id that is none', async () => {
    expect((await get(`/products/${newId()}`)).statusCode).toBe(404)
    expect((await get('/products/one')).statusCode).toBe(400)
    expect((await get(`/inventory/${newId()}`)).statusCode).toBe(404)
  })

  test('shows stock to everybody', async () => {
    expect((await get(`/inventory/${LAST_COPIES}`)).json()).toEqual({
      productId: LAST_COPIES,
      available: 2,
      reserved: 0,
      sold: 0,
    })
  })
})

describe('the seed', () => {
  test('is sown once by two instances, with its events, movements and prices', async () => {
    const empty = await testDatabase(participant)
    const both = [1, 2].map(() => new Database({ service: 'product-service', url: empty.url }))
    const ids = await Promise.all(both.map((database) => seedCatalogue(database, 'EUR')))
    expect(new Set(ids).size).toBe(1)
    const count = statement(
      'test-count',
      `SELECT (SELECT count(*)::int FROM products) AS products, (SELECT count(*)::int FROM stock_movements) AS movements,
         (SELECT count(*)::int FROM price_history) AS prices, (SELECT count(*)::int FROM outbox_unsent) AS events`,
    )
    const n = seedProducts.length
    expect(await both[0]?.query(count)).toEqual([{ products: n, movements: n, prices: n, events: n }])
    await Promise.all(both.map((database) => database.close()))
    await empty.drop()
  })
})

describe('an administrator', () => {
  test('adds a product, and the others hear of it', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const body = newProduct({ description: 'With a pocket.' })
    const response = await send('POST', '/products', body, { ...admin, traceparent })
    const product = response.json()
    expect(response.statusCode).toBe(201)
    expect(response.headers.location).toBe(`/products/${product.id}`)
    expect(product).toEqual({ ...body, id: product.id, currency: 'EUR', isActive: true, version: 1 })
    expect((await get(`/products/${product.id}`)).json()).toEqual(product)
    const { id, description, isActive, ...snapshot } = product
    const [row] = await service.database.query(outbox, [id])
    expect(row?.envelope).toMatchObject({
      type: 'product.created',
      traceparent,
      correlationid: response.headers['x-request-id'],
      data: { ...snapshot, productId: id },
    })
    expect(await service.database.query(movements, [id])).toEqual([
      { kind: 'initial', quantity: 10, changed_by: adminId },
    ])
    expect(await service.database.query(prices, [id])).toEqual([{ price: '4200', changed_by: adminId }])
  })

  test('cannot use a SKU twice', async () => {
    const { sku } = await create()
    const response = await send('POST', '/products', newProduct({ sku }))
    expect([response.statusCode, response.json().type]).toEqual([409, '/problems/sku-taken'])
  })

  test('changes a price: history, event and readers get the new one', async () => {
    const product = await create()
    await get(`/products/${product.id}`)
    const changed = await send('PATCH', `/products/${product.id}`, { priceMinor: 3900 })
    expect(changed.json()).toEqual({ ...product, priceMinor: 3900, version: 2 })
    expect((await get(`/products/${product.id}`)).json()).toEqual(changed.json())
    expect((await service.database.query(prices, [product.id])).map(({ price }) => price)).toEqual(['4200', '3900'])
    expect((await told(product.id))[1]).toEqual([
      'product.updated',
      expect.objectContaining({ priceMinor: 3900, version: 2 }),
    ])
  })

  test('does not overwrite what another has changed since, when told what was seen', async () => {
    const { id } = (await send('POST', '/products', newProduct())).json()
    const { etag } = (await get(`/products/${id}`)).headers
    const change = (name: string, ifMatch: unknown) =>
      send('PATCH', `/products/${id}`, { name }, { ...admin, 'if-match': String(ifMatch) })
    const both = await Promise.all([change('Cup', etag), change('Bowl', etag)])
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412])
    const [won, lost] = both.sort((a, b) => a.statusCode - b.statusCode)
    expect(lost?.json().type).toBe('/problems/stale-version')
    expect((await get(`/products/${id}`)).json()).toEqual(won?.json())
    for (const stale of [etag, `W/${won?.headers.etag}`, '"x"', ','])
      expect((await change('Plate', stale)).statusCode).toBe(412)
    for (const current of [won?.headers.etag, '*']) expect((await change('Plate', current)).statusCode).toBe(200)
  })

  test('renames without touching the price history', async () => {
    const { id } = await create()
    await send('PATCH', `/products/${id}`, { name: 'Hemp apron' })
    expect(await service.database.query(prices, [id])).toHaveLength(1)
  })

  test('switches a product off: not listed, and sold out for the others', async () => {
    const { id, category } = await create()
    await send('PATCH', `/products/${id}`, { isActive: false })
    expect((await get(`/products?category=${category}`)).json().items).toEqual([])
    expect((await get(`/products/${id}`)).json()).toMatchObject({ isActive: false })
    expect((await told(id))[1]).toEqual(['product.updated', expect.objectContaining({ available: 0 })])
  })

  test('deletes a product softly: gone for readers, told once', async () => {
    const { id } = await create()
    await get(`/products/${id}`)
    expect((await send('DELETE', `/products/${id}`)).statusCode).toBe(204)
    expect((await get(`/products/${id}`)).statusCode).toBe(404)
    expect((await get(`/inventory/${id}`)).statusCode).toBe(404)
    expect((await send('DELETE', `/products/${id}`)).statusCode).toBe(404)
    expect((await send('PATCH', `/products/${id}`, { name: 'Back' })).statusCode).toBe(404)
    expect((await told(id)).slice(1)).toEqual([['product.deleted', { productId: id, version: 2 }]])
  })

  test('who deletes a product is told in the log', async () => {
    const { id } = await create()
    const log = service.app.log.child({})
    const info = jest.spyOn(log, 'info')
    const child = jest.spyOn(service.app.log, 'child').mockReturnValue(log)
    try {
      await send('DELETE', `/products/${id}`)
      await send('DELETE', `/products/${id}`)
    } finally {
      child.mockRestore()
    }
    const deletions = info.mock.calls.filter((call: unknown[]) => call[1] === 'product deleted')
    expect(deletions).toEqual([[{ productId: id, userId: adminId }, 'product deleted']])
  })

  test('restocks: relative, recorded, told', async () => {
    const { id } = await create()
    const restocked = await send('POST', `/products/${id}/restock`, { quantity: 5, reason: 'delivery 17' })
    expect(restocked.json()).toMatchObject({ available: 15, version: 2 })
    expect((await service.database.query(movements, [id]))[1]).toEqual({
      kind: 'restock',
      quantity: 5,
      changed_by: adminId,
    })
    expect((await told(id))[1]).toEqual(['product.updated', expect.objectContaining({ available: 15 })])
    expect((await send('POST', `/products/${newId()}/restock`, { quantity: 5, reason: 'none' })).statusCode).toBe(404)
  })

  test('corrects a count, but never below what is there', async () => {
    const { id } = await create()
    const adjust = (quantity: number) => send('POST', `/products/${id}/adjust`, { quantity, reason: 'counted' })
    expect((await adjust(-4)).json()).toMatchObject({ available: 6 })
    const correction = { kind: 'adjust', quantity: -4, changed_by: adminId }
    expect((await service.database.query(movements, [id]))[1]).toEqual(correction)
    const refused = await adjust(-7)
    expect([refused.statusCode, refused.json().type]).toEqual([409, '/problems/stock-out-of-range'])
    expect((await get(`/inventory/${id}`)).json()).toMatchObject({ available: 6 })
    expect(await told(id)).toHaveLength(2)
  })

  test('corrects a count, but touches nothing that is held for an order', async () => {
    const { id } = await create()
    const hold = statement(
      'test-hold',
      'UPDATE products SET available = available - 4, reserved = reserved + 4 WHERE id = $1',
    )
    await service.database.execute(hold, [id])
    const refused = await send('POST', `/products/${id}/adjust`, { quantity: -7, reason: 'counted' })
    expect([refused.statusCode, refused.json().type]).toEqual([409, '/problems/stock-out-of-range'])
    expect((await get(`/inventory/${id}`)).json()).toMatchObject({ available: 6, reserved: 4, sold: 0 })
    expect(await service.database.query(movements, [id])).toHaveLength(1)
    expect(await told(id)).toHaveLength(1)
  })

  test.each(['Mug \u202egnp.exe', 'a\u200bb', '<script>alert(1)</script>'])(
    'may call a product %j: it is text, kept as it is',
    async (name) => {
      const created = await send('POST', '/products', newProduct({ name }))
      expect([created.statusCode, created.json().name]).toEqual([201, name])
      const read = await get(`/products/${created.json().id}`)
      expect([read.json().name, read.headers['content-type']]).toEqual([name, 'application/json; charset=utf-8'])
      expect(read.headers['x-content-type-options']).toBe('nosniff')
    },
  )

  test('restocks once for one Idempotency-Key, however often and however parallel it is sent', async () => {
    const { id } = await create()
    const headers = { ...admin, 'idempotency-key': `"${newId()}"` }
    const body = { quantity: 5, reason: 'delivery' }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send('POST', `/products/${id}/restock`, body, headers)),
    )
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1)
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === 'true')).toHaveLength(19)
    expect((await get(`/inventory/${id}`)).json()).toMatchObject({ available: 15 })
    const other = await send('POST', `/products/${id}/restock`, { ...body, quantity: 6 }, headers)
    expect([other.statusCode, other.json().type]).toEqual([422, '/problems/idempotency-key-reused'])
  })

  test('may use a key again after a refusal, and a key nobody can read is refused', async () => {
    const { id } = await create()
    const headers = { ...admin, 'idempotency-key': newId() }
    const adjust = (quantity: number) => send('POST', `/products/${id}/adjust`, { quantity, reason: 'x' }, headers)
    expect((await adjust(-11)).statusCode).toBe(409)
    expect((await adjust(-10)).statusCode).toBe(200)
    const blank = { ...admin, 'idempotency-key': '" "' }
    const refused = await send('POST', `/products/${id}/restock`, { quantity: 1, reason: 'x' }, blank)
    expect([refused.statusCode, refused.json().type]).toEqual([400, '/problems/invalid-idempotency-key'])
  })

  test('announces every live product as it is, with the version it has', async () => {
    const { id } = await create()
    const { id: gone } = await create()
    await send('DELETE', `/products/${gone}`)
    const response = await send('POST', '/announce')
    expect(response.statusCode).toBe(202)
    expect(response.json().announced).toBeGreaterThan(seedProducts.length)
    expect((await told(id))[1]).toEqual(['product.updated', expect.objectContaining({ version: 1 })])
    expect((await told(gone)).map(([type]) => type)).toEqual(['product.created', 'product.deleted'])
    expect((await told(SOLD_OUT)).map(([type]) => type)).toEqual(['product.created', 'product.updated'])
  })

  test('sees a reservation without its payment token', async () => {
    const orderId = newId()
    const insert = statement(
      'test-reservation',
      `INSERT INTO reservations (order_id, state, customer_id, lines, total_minor, currency, payment_token, deadline_at, next_ask_at)
       VALUES ($1, 'reserved', $1, '[]', 5, 'EUR', 'tok_visa', now() + interval '1 hour', now() + interval '1 hour')`,
    )
    await service.database.execute(insert, [orderId])
    const response = await get(`/reservations/${orderId}`, admin)
    expect(response.json()).toMatchObject({ orderId, state: 'reserved', totalMinor: 5 })
    expect(response.body).not.toContain('tok_visa')
    expect((await get(`/reservations/${newId()}`, admin)).statusCode).toBe(404)
  })
})

describe('what is not allowed', () => {
  const id = newId()
  const requests = [
    ['POST', '/products', newProduct()],
    ['POST', '/imports', newProduct()],
    ['PATCH', `/products/${id}`, { name: 'x' }],
    ['DELETE', `/products/${id}`, undefined],
    ['POST', `/products/${id}/restock`, { quantity: 1, reason: 'x' }],
    ['POST', `/products/${id}/adjust`, { quantity: 1, reason: 'x' }],
    ['POST', '/announce', undefined],
  ] as const

  test.each(requests)('%s %s is for administrators', async (method, url, body) => {
    expect((await send(method, url, body, {})).statusCode).toBe(401)
    const customer = { authorization: tokens.bearer(newId()) }
    expect((await send(method, url, body, customer)).statusCode).toBe(403)
  })

  test('reservations are for administrators', async () => {
    expect((await get(`/reservations/${id}`)).statusCode).toBe(401)
    expect((await get(`/reservations/${id}`, { authorization: tokens.bearer(newId()) })).statusCode).toBe(403)
  })

  test.each([
    ['an unknown property', newProduct({ stock: 1 })],
    ['a price of nothing', newProduct({ priceMinor: 0 })],
    ['a price below nothing', newProduct({ priceMinor: -1 })],
    ['a price of half a cent', newProduct({ priceMinor: 0.5 })],
    ['a price above the limit', newProduct({ priceMinor: 10 ** 13 })],
    ['stock that is owed', newProduct({ available: -5 })],
    ['a price with cents', newProduct({ priceMinor: 1.5 })],
    ['a price as text', newProduct({ priceMinor: '100' })],
    ['less than no stock', newProduct({ available: -1 })],
    ['a name of two lines', newProduct({ name: 'a\nb' })],
    ['a name that begins a header', newProduct({ name: 'a\r\nBcc: x' })],
    ['no SKU', { ...newProduct(), sku: undefined }],
  ])('a product with %s', async (_what, body) => {
    expect((await send('POST', '/products', body)).statusCode).toBe(400)
    expect((await send('POST', '/imports', body)).statusCode).toBe(400)
  })

  const wrongPrices = [-1, 0.5, 10 ** 13].map((priceMinor) => ({ priceMinor }))
  const wrongChanges = [{ available: 5 }, { available: -5 }, { sku: 'x' }, { isActive: 'no' }, { name: 'a\r\nBcc: x' }]
  test.each([{}, ...wrongPrices, ...wrongChanges])('a change like %j', async (body) => {
    expect((await send('PATCH', `/products/${id}`, body)).statusCode).toBe(400)
  })

  test.each([
    { quantity: 0, reason: 'x' },
    { quantity: -1, reason: 'x' },
    { quantity: 1_000_001, reason: 'x' },
    { quantity: 1 },
  ])('a delivery like %j', async (body) => {
    expect((await send('POST', `/products/${id}/restock`, body)).statusCode).toBe(400)
  })
})

interface Described {
  readonly tags?: readonly string[]
  readonly summary?: string
  readonly requestBody?: { readonly content: Record<string, { schema: TSchema; example?: unknown }> }
}

test('every route is described, with tags, who may call it and a body that could be sent', async () => {
  const { paths } = (await get('/docs/json')).json()
  const operations = Object.values<Record<string, Described>>(paths).flatMap((path) => Object.values(path))
  const isEverywhere = (tag: string) => tag === 'operations' || tag === 'dead letters'
  const own = operations.filter(({ tags = [] }) => !tags.some(isEverywhere))
  expect(own).toHaveLength(15)
  for (const operation of own) expect(operation).toMatchObject({ tags: expect.any(Array), summary: expect.any(String) })
  const bodies = own.flatMap(({ requestBody }) => requestBody?.content['application/json'] ?? [])
  expect(bodies).toHaveLength(5)
  for (const { schema, example } of bodies) expect([example, Compile(schema).Check(example)]).toEqual([example, true])
})

test('stock held past deadline and grace is asked about, again after two seconds and more, until somebody knows', async () => {
  const orderId = newId()
  const cause = newId()
  const insert = statement(
    'test-overdue',
    `INSERT INTO reservations (order_id, state, customer_id, lines, total_minor, currency, payment_token, deadline_at, next_ask_at, correlation_id, causation_id)
     VALUES ($1, 'reserved', $1, '[]', 5, 'EUR', 'tok_visa', now() - interval '1 s', now() - interval '1 s', $2, $2)`,
  )
  await service.database.execute(insert, [orderId, cause])
  const asks = statement<{ asks: number; waits_s: number }>(
    'test-asks',
    'SELECT asks, round(extract(epoch FROM next_ask_at - updated_at))::int AS waits_s FROM reservations WHERE order_id = $1',
  )
  // still within the grace of an hour: nobody asks
  expect(await askAboutOverdue(service.database, 3_600_000)).toBe(0)
  const due = statement(
    'test-ask-now',
    `UPDATE reservations SET next_ask_at = now(), updated_at = now() WHERE order_id = $1`,
  )
  const waits: (number | undefined)[] = []
  for (let n = 1; n <= 7; n++) {
    await Promise.all([askAboutOverdue(service.database, 500), askAboutOverdue(service.database, 500)])
    const [row] = await service.database.query(asks, [orderId])
    expect(row?.asks).toBe(n)
    waits.push(row?.waits_s)
    await service.database.execute(due, [orderId])
  }
  expect(waits.slice(1)).toEqual([4, 8, 16, 32, 60, 60])
  const [row] = await service.database.query(outbox, [orderId])
  expect(row?.envelope).toMatchObject({ type: 'inventory.reservation.overdue', causationid: cause, data: { orderId } })
})
