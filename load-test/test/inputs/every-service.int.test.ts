import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId, type ServiceName, serviceNames } from '@order-saga/common'
import { signatureOf } from '../../../payment-service/simulator/webhooks'
import { expected } from './support/access'
import { indecencies } from './support/decency'
import { expectGoesOn, type InputShop, openInputShop } from './support/input-shop'
import { bodyOf, nameOf, type Operation, operationsOf } from './support/operations'
import { type Received, send, sendBytes } from './support/wire'

/*
 * What every service refuses, whatever it is about. What only one of them knows is with that service:
 *   quantities, lines, prices, idempotency keys, foreign orders   order-service/test/http
 *   passwords, addresses, accounts, forged tokens                 auth-service/test, common/test/tokens.unit.test.ts
 *   products, stock, search, two editors at once                  product-service/test
 *   refunds                                                       payment-service/test/http.int.test.ts
 *   names in mails                                                mailer-service/test/compose.unit.test.ts
 *   a service that ends, docs, the size of an answer              common/test/http.unit.test.ts
 *   a database or Redis that is away or silent                    outage.special.test.ts
 *   who may ask what                                              access.int.test.ts
 */

let world: InputShop
const operations = new Map<ServiceName, Operation[]>()
beforeAll(async () => {
  world = await openInputShop()
  for (const service of serviceNames) operations.set(service, await operationsOf(service, world.shop.url(service)))
}, 60_000)
afterAll(() => world?.close())
afterEach(async () => {
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

const of = (service: ServiceName) => operations.get(service) ?? []
const problemOf = ({ status, text }: Received) => [status, text && JSON.parse(text).type.replace('/problems/', '')]
const json = { 'content-type': 'application/json' }

interface Asking {
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
  readonly path?: string
  readonly method?: string
}

/** As whoever may, and decently answered. */
async function ask(operation: Operation, { headers = json, body, path, method }: Asking): Promise<Received> {
  const row = expected.get(nameOf(operation))
  const bearer = await row?.bearer?.(world)
  const sent = body === undefined ? undefined : Buffer.from(body)
  const asked = {
    method: method ?? operation.method,
    path: path ?? (await row?.path?.(world)) ?? operation.path,
    headers: {
      authorization: bearer ?? world.bearers[operation['x-access'] === 'admin' ? 'admin' : 'customer'],
      ...(row?.scheme && { 'webhook-signature': signatureOf('development-only-webhooks', sent ?? '') }),
      ...headers,
    },
    body: sent,
  }
  const answer = await send(world.shop.url(operation.service), asked)
  expect(indecencies(asked, answer)).toEqual([])
  return answer
}

describe.each(serviceNames)('%s', (service) => {
  const readers = () => of(service).filter(bodyOf)

  test.each<[string, Asking, number, string]>([
    ['JSON cut short', { body: '{"a":' }, 400, 'malformed-json'],
    ['nothing', { body: '' }, 400, 'malformed-json'],
    ['bytes that are no UTF-8', { body: Buffer.from('{"a":"\xff"}', 'latin1') }, 400, 'malformed-json'],
    ['a __proto__', { body: '{"__proto__":{"polluted":1}}' }, 400, 'malformed-json'],
    ['a constructor.prototype', { body: '{"constructor":{"prototype":{"polluted":1}}}' }, 400, 'malformed-json'],
    ['null', { body: 'null' }, 400, 'validation'],
    ['a list', { body: '[]' }, 400, 'validation'],
    ['a text', { body: '"x"' }, 400, 'validation'],
    ['a number', { body: '1' }, 400, 'validation'],
    ['NUL', { body: '{"a":"\\u0000"}' }, 400, 'validation'],
    ['no content type', { headers: {}, body: '{}' }, 415, 'unsupported-media-type'],
    ['text/plain', { headers: { 'content-type': 'text/plain' }, body: '{}' }, 415, 'unsupported-media-type'],
    [
      'application/xml',
      { headers: { 'content-type': 'application/xml' }, body: '<a/>' },
      415,
      'unsupported-media-type',
    ],
    ['more than 64 KiB', { body: `"${'x'.repeat(65_536)}"` }, 413, 'payload-too-large'],
  ])('every route refuses for a body %s', async (_what, asking, ...refusal) => {
    const takers = of(service).filter((one) => /^(POST|PATCH|PUT)$/.test(one.method) || bodyOf(one))
    for (const operation of takers)
      expect([nameOf(operation), ...problemOf(await ask(operation, asking))]).toEqual([nameOf(operation), ...refusal])
    await expectGoesOn(world, service)
  })

  test.each(['role', 'isAdmin', 'status', 'userId', 'price', 'unitPriceMinor', 'total', 'currency', 'id'])(
    'every body is refused with the further property %s',
    async (property) => {
      // a provider adds to its webhooks without asking
      for (const operation of readers().filter((one) => !expected.get(nameOf(one))?.scheme)) {
        const body = { ...expected.get(nameOf(operation))?.body?.(world), [property]: 'admin' }
        const answer = await ask(operation, { body: JSON.stringify(body) })
        expect([nameOf(operation), ...problemOf(answer)]).toEqual([nameOf(operation), 400, 'validation'])
      }
    },
  )

  test('what needs no body takes none, or an empty one', async () => {
    const needless = of(service).filter((one) => one.method === 'POST' && !bodyOf(one))
    for (const operation of needless) {
      expect(problemOf(await ask(operation, { body: '{"a":1}' }))).toEqual([400, 'validation'])
      expect((await ask(operation, { body: '{}' })).status).not.toBe(400)
    }
  })

  test.each([
    'one',
    '6f1c2a52-9c36-4f9e-8f0f-0c0a5a3f7f11',
    '1e3',
    '%00',
    'x'.repeat(101),
    "'%3B--",
    '%zz',
    '__proto__',
  ])('no id is %s', async (id) => {
    const named = of(service).filter(({ path }) => path.includes('{'))
    for (const operation of named) {
      const body = expected.get(nameOf(operation))?.body?.(world)
      const path = operation.path.replace(/\{\w+\}/, id)
      const answer = await ask(operation, { path, ...(body ? { body: JSON.stringify(body) } : { headers: {} }) })
      expect([nameOf(operation), answer.status]).toEqual([nameOf(operation), 400])
    }
  })

  test.each(['0', '-1', '1.5', '100000', '9007199254740993', '1e2', '%00', '', 'all'])(
    'no list has the limit "%s"',
    async (limit) => {
      for (const operation of lists()) expect(await statusOf(operation, `limit=${limit}`)).toBe(400)
    },
  )

  test('a parameter twice, in brackets, unknown or forged is refused', async () => {
    const queries = ['limit=1&limit=2', 'limit[]=1', 'limit[$gt]=1', 'page=1', '__proto__=1', 'sort=%27']
    for (const operation of lists()) {
      const cursor = operation.parameters?.find(({ name }) => name === 'before' || name === 'after')
      const forged = cursor ? [`${cursor.name}=x`, `${cursor.name}=${cursor.name}`, `${cursor.name}=%00`] : []
      for (const query of [...queries, ...forged])
        expect([query, await statusOf(operation, query)]).toEqual([query, 400])
    }
  })

  const lists = () => of(service).filter(({ parameters = [] }) => parameters.some(({ name }) => name === 'limit'))
  const statusOf = async (operation: Operation, query: string) =>
    (await ask(operation, { path: `${operation.path}?${query}`, headers: {} })).status

  test('every path names the verbs it knows to whoever tries another', async () => {
    const paths = new Set(of(service).map(({ path }) => path))
    for (const path of paths) {
      const url = path.replace(/\{\w+\}/, newId())
      // another one may fit as well: what is a word of its own here is an id there
      const known = of(service)
        .filter((one) => new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(url))
        .map(({ method }) => method)
      const allow = [...new Set(known), ...(known.includes('GET') ? ['HEAD'] : [])].sort().join(', ')
      for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE', 'OPTIONS', 'PROPFIND'].filter(
        (verb) => !known.includes(verb),
      )) {
        const answer = await send(world.shop.url(service), { method, path: url, headers: {} })
        expect([method, path, ...problemOf(answer), answer.headers.allow]).toEqual([
          method,
          path,
          405,
          'method-not-allowed',
          allow,
        ])
      }
    }
  })

  test('its OpenAPI document is the published one', async () => {
    const { text } = await send(world.shop.url(service), { method: 'GET', path: '/docs/json', headers: {} })
    const published = readFileSync(join(__dirname, `../../../docs/openapi/${service}.json`), 'utf8')
    expect(JSON.parse(text)).toEqual(JSON.parse(published))
  })

  test('an unknown path is not found, whoever asks', async () => {
    // the console's
    const isPage = service === 'logger-service'
    for (const path of [
      ...(isPage ? [] : ['/']),
      '/nothing',
      '//livez',
      '/livez/',
      '/LIVEZ',
      '/admin',
      '/docs/../livez',
      '/.env',
    ])
      expect(problemOf(await send(world.shop.url(service), { method: 'GET', path, headers: {} }))).toEqual([
        404,
        'not-found',
      ])
  })

  test.each<[string, string, number]>([
    ['an unknown verb', 'FOO / HTTP/1.1\r\nHost: shop\r\n\r\n', 400],
    ['a line that is none', 'hello\r\n\r\n', 400],
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['NUL in a header', 'GET /livez HTTP/1.1\r\nHost: shop\r\nX: a\u0000b\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a negative length', 'POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: -1\r\n\r\n', 400],
    ['headers of 20 KiB', `GET /livez HTTP/1.1\r\nHost: shop\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a path of 20 KiB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: shop\r\n\r\n`, 431],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400],
    ['an expectation', 'GET /livez HTTP/1.1\r\nHost: shop\r\nExpect: wonders\r\nConnection: close\r\n\r\n', 417],
  ])('%s is a problem as well', async (_what, bytes, status) => {
    const answer = await sendBytes(world.shop.url(service), Buffer.from(bytes, 'latin1'))
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} .*content-type: application/problem\\+json`, 'is'))
    expect(JSON.parse(body)).toMatchObject({ status, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  })

  test.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', `Bearer ${'x'.repeat(9_216)}`, 'Bearer e30.e30.e30'])(
    'authorization "%.20s" is none',
    async (authorization) => {
      const guarded = of(service).filter((one) => one['x-access'] !== 'public')
      for (const operation of guarded) {
        const answer = await ask(operation, { headers: { authorization } })
        expect([...problemOf(answer), answer.headers['www-authenticate']]).toEqual([401, 'unauthenticated', 'Bearer'])
      }
    },
  )

  test('an answer is stored by nobody, read by no foreign page, and does not say what it comes from', async () => {
    for (const operation of of(service).filter((one) => one['x-access'] !== 'public' && one.method === 'GET'))
      expect((await ask(operation, { headers: {} })).headers['cache-control']).toMatch(/no-store|private/)
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' }
      const names = Object.keys((await send(world.shop.url(service), { method, path: '/livez', headers })).headers)
      expect(names.filter((name) => /^access-control|^server$|^x-powered-by$/.test(name))).toEqual([])
    }
  })
})
