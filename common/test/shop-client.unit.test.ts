import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NoAnswer, Refused, ShopClient, type ShopClientOptions } from '../src/client'

/** The typed client before a shop that answers what the test wants, in this sequence. */

interface Reply {
  readonly status: number
  readonly body?: object | string
  readonly headers?: Record<string, string>
}

const problem = (status: number, slug: string, headers = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: { type: `/problems/${slug}`, title: 'No', status, detail: `It is ${slug}.` },
})
const AWAY = problem(503, 'service-unavailable', { 'retry-after': '0' })

let replies: (Reply | 'hang up')[]
let seen: { request: IncomingMessage; body: string }[]
let server: Server

beforeEach(async () => {
  replies = []
  seen = []
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push({ request, body })
    const reply = replies.shift() ?? { status: 500 }
    if (reply === 'hang up') return request.socket.destroy()
    const text = typeof reply.body === 'object' ? JSON.stringify(reply.body) : reply.body
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const shop = (options: Partial<ShopClientOptions> = {}) =>
  new ShopClient({ baseUrlOf: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...options })
const asked = () => seen.map(({ request }) => `${request.method} ${request.url}`)

const id = '01970000-0000-7000-8000-000000000005'

test('a request has its path, query, headers, token and body; what is public has no token', async () => {
  replies = [
    { status: 200, body: { items: [], next: null } },
    { status: 200, body: { id, version: 3 } },
  ]
  const { body } = await shop().call('product-service', 'GET /products', { query: { limit: 5, text: 'tea & cake' } })
  expect(body.items).toEqual([])
  const request = { path: { id }, headers: { 'if-match': '"2"' }, body: { priceMinor: 900 } }
  const answer = await shop().as('token').call('product-service', 'PATCH /products/{id}', request)
  expect(answer.body.version).toBe(3)
  expect(asked()).toEqual(['GET /products?limit=5&text=tea+%26+cake', `PATCH /products/${id}`])
  expect(seen[0]?.request.headers).not.toHaveProperty('authorization')
  expect(seen[1]).toMatchObject({
    request: { headers: { authorization: 'Bearer token', 'if-match': '"2"', 'content-type': 'application/json' } },
    body: '{"priceMinor":900}',
  })
})

test('a part of a path leads nowhere else', async () => {
  replies = [problem(400, 'validation')]
  await shop()
    .call('product-service', 'GET /products/{id}', { path: { id: '../admin?a=b' } })
    .catch(() => {})
  expect(asked()).toEqual(['GET /products/..%2Fadmin%3Fa%3Db'])
})

test('a refusal has its status, its slug and its words', async () => {
  replies = [problem(409, 'order-not-cancellable')]
  const error = await shop()
    .call('order-service', 'POST /orders/{id}/cancel', { path: { id } })
    .catch((thrown) => thrown)
  expect(error).toBeInstanceOf(Refused)
  expect(error).toMatchObject({ status: 409, slug: 'order-not-cancellable', message: 'It is order-not-cancellable.' })
})

test('the page of a proxy is a refusal without a slug', async () => {
  replies = [{ status: 404, body: '<html>nothing here</html>', headers: { 'content-type': 'text/html' } }]
  await expect(shop().call('auth-service', 'GET /me')).rejects.toMatchObject({ status: 404, slug: '' })
})

test.each([
  ['GET', AWAY],
  ['GET', 'hang up' as const],
  ['GET', problem(429, 'rate-limited')],
])('what only reads is asked again: %s after %j', async (_method, first) => {
  replies = [first, { status: 200, body: { items: [] } }]
  expect((await shop().call('product-service', 'GET /categories')).status).toBe(200)
  expect(seen).toHaveLength(2)
})

test('a POST without a key that may have been carried out is not asked again', async () => {
  replies = [AWAY, 'hang up']
  const body = { productId: id, quantity: 1 }
  const add = () => shop().call('cart-service', 'POST /cart/items', { body })
  await expect(add()).rejects.toMatchObject({ status: 503, slug: 'service-unavailable' })
  await expect(add()).rejects.toBeInstanceOf(NoAnswer)
  expect(seen).toHaveLength(2)
})

test('a POST is asked again under its key, or when it was not begun', async () => {
  replies = ['hang up', { status: 200, body: { id } }, problem(429, 'rate-limited'), { status: 200, body: {} }]
  const restock = { path: { id }, headers: { 'idempotency-key': 'once' }, body: { quantity: 1, reason: 'delivery' } }
  await shop().call('product-service', 'POST /products/{id}/restock', restock)
  await shop().call('cart-service', 'POST /cart/items', { body: { productId: id, quantity: 1 } })
  expect(seen.map(({ request }) => request.headers['idempotency-key'])).toEqual(['once', 'once', undefined, undefined])
})

test('who has no time asks once, and hears what was said or that nothing was', async () => {
  replies = [AWAY, 'hang up']
  const once = shop({ maxMs: 0 })
  await expect(once.call('product-service', 'GET /categories')).rejects.toMatchObject({ status: 503 })
  await expect(once.call('product-service', 'GET /categories')).rejects.toBeInstanceOf(NoAnswer)
  expect(seen).toHaveLength(2)
})

test('who gives up hears their own reason', async () => {
  const gone = new Error('gone')
  const signal = AbortSignal.abort(gone)
  await expect(shop({ signal }).call('product-service', 'GET /categories')).rejects.toBe(gone)
})

/** Never run: the compiler is the test. */
export function mistakesThatDoNotCompile(client: ShopClient): void {
  // @ts-expect-error there is no such operation
  void client.call('order-service', 'GET /cart')
  // @ts-expect-error an id is missing
  void client.call('order-service', 'GET /orders/{id}')
  // @ts-expect-error prices are never sent
  void client.call('cart-service', 'POST /cart/items', { body: { productId: id, quantity: 1, priceMinor: 1 } })
  // @ts-expect-error there is no such status
  void client.call('order-service', 'GET /orders', { query: { status: 'lost' } })
  const asking = client.call('product-service', 'GET /inventory/{productId}', { path: { productId: id } })
  // @ts-expect-error it is told how many there are, not what they cost
  void asking.then(({ body }) => body.priceMinor)
}
