import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { json } from 'node:stream/consumers'
import { type App, type Env, newId, Problem, Runtime, readConfig, Text } from '@order-saga/common'
import pino from 'pino'
import Type from 'typebox'
import type { AppOptions } from '../src/http/build-app'
import { unauthenticated } from '../src/http/problem'
import { testApp } from './support/app'

const Body = Type.Object(
  { name: Text(20), quantity: Type.Integer({ minimum: 1, maximum: 1000 }) },
  { additionalProperties: false },
)
const Query = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) },
  { additionalProperties: false },
)

const appWith = (options: Partial<AppOptions> = {}): Promise<App> =>
  testApp({
    authenticate: async (authorization) => {
      if (authorization === undefined) throw unauthenticated()
      return { userId: newId(), token: 't', role: authorization === 'admin' ? 'admin' : 'customer' }
    },
    ...options,
  })

let app: App
let finish = () => {}
beforeEach(async () => {
  app = await appWith()
  const config = { access: 'public' } as const
  app.post(
    '/things',
    { config, schema: { body: Body, response: { 200: Type.Object({ name: Type.String() }) } } },
    async ({ body }) => ({
      ...body,
      hash: 'never shown',
    }),
  )
  app.get('/things', { config, schema: { querystring: Query } }, async ({ query }) => query)
  app.get('/things/:id', { config }, async ({ params }) => params)
  app.put('/things/:id/name', { config }, async () => ({}))
  app.get('/mine', { config: { access: 'customer' } }, async ({ caller }) => ({ role: caller?.role }))
  app.get('/all', { config: { access: 'admin' } }, async () => ({}))
  app.get('/broken', { config }, async () => {
    throw new Error('SELECT secret FROM somewhere at /home')
  })
  app.get('/away', { config }, async () => {
    throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  })
  app.get('/held', { config }, async () => {
    throw Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' })
  })
  app.get('/conflict', { config }, async () => {
    throw new Problem(409, 'cart-empty', 'The cart is empty.')
  })
  app.get(
    '/slow',
    { config },
    () =>
      new Promise((resolve) => {
        finish = () => resolve({ done: true })
      }),
  )
})
afterEach(() => app.close())

const good = { name: 'pen', quantity: 2 }
const ofJson = { 'content-type': 'application/json' }
const send = (payload: string | object, headers: Record<string, string> = ofJson) =>
  app.inject({
    method: 'POST',
    url: '/things',
    headers,
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })

describe('a request that is wrong is answered with a problem', () => {
  it.each<[string, string, string | object]>([
    ['malformed JSON', 'malformed-json', '{"a":'],
    ['an empty body', 'malformed-json', ''],
    ['a __proto__ key', 'malformed-json', '{"__proto__":{"polluted":1}}'],
    ['a constructor.prototype key', 'malformed-json', '{"constructor":{"prototype":{"polluted":1}}}'],
    ['null', 'validation', 'null'],
    ['an array', 'validation', '[]'],
    ['a string', 'validation', '"x"'],
    ['a number', 'validation', '1'],
    ['an unknown property', 'validation', { ...good, isAdmin: true }],
    ['a missing property', 'validation', { name: 'pen' }],
    ['quantity "2"', 'validation', { ...good, quantity: '2' }],
    ['quantity true', 'validation', { ...good, quantity: true }],
    ['quantity [5]', 'validation', { ...good, quantity: [5] }],
    ['quantity null', 'validation', { ...good, quantity: null }],
    ['quantity ""', 'validation', { ...good, quantity: '' }],
    ['quantity 0', 'validation', { ...good, quantity: 0 }],
    ['quantity -1', 'validation', { ...good, quantity: -1 }],
    ['quantity 1.5', 'validation', { ...good, quantity: 1.5 }],
    ['quantity 1e400', 'validation', '{"name":"pen","quantity":1e400}'],
    ['quantity 1001', 'validation', { ...good, quantity: 1001 }],
    ['quantity 2^53+1', 'validation', '{"name":"pen","quantity":9007199254740993}'],
    ['a name that is too long', 'validation', { ...good, name: 'x'.repeat(21) }],
    ['NUL', 'validation', { ...good, name: 'a\u0000' }],
    ['a line break', 'validation', { ...good, name: 'a\r\nb' }],
    ['an escape sequence', 'validation', { ...good, name: '\u001b[2J' }],
    ['DEL', 'validation', { ...good, name: 'a\u007f' }],
    ['a C1 line break', 'validation', { ...good, name: 'a\u0085b' }],
    ['a C1 escape sequence', 'validation', { ...good, name: '\u009b2J' }],
  ])('400 for %s: %s', async (_what, slug, payload) => {
    const response = await send(payload)
    expect(response.statusCode).toBe(400)
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({ type: `/problems/${slug}`, status: 400, instance: '/things' })
    expect(response.json().requestId).toBe(response.headers['x-request-id'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('points at what is invalid', async () => {
    expect((await send({ ...good, quantity: 0 })).json().errors).toEqual([
      { pointer: '/quantity', detail: expect.any(String) },
    ])
  })

  it.each<[number, string, Record<string, string>]>([
    [415, 'text/plain', { 'content-type': 'text/plain' }],
    [415, 'application/xml', { 'content-type': 'application/xml' }],
    [415, 'no content type', {}],
  ])('%i for %s', async (status, _what, headers) => {
    const response = await app.inject({ method: 'POST', url: '/things', headers, payload: Buffer.from('x') })
    expect(response.statusCode).toBe(status)
    expect(response.json()).toMatchObject({ type: '/problems/unsupported-media-type' })
  })

  it('413 for a body of more than 64 KiB', async () => {
    const response = await send({ ...good, name: 'x'.repeat(65_536) })
    expect(response.statusCode).toBe(413)
    expect(response.json()).toMatchObject({ type: '/problems/payload-too-large' })
  })

  it.each([
    '/things?limit=0',
    '/things?limit=101',
    '/things?limit=-1',
    '/things?limit=x',
    '/things?limit=1&limit=2',
    '/things?page=1',
    '/things?limit=%00',
    '/things/%00',
  ])('400 for %s', async (url) => {
    expect((await app.inject(url)).statusCode).toBe(400)
  })

  it('400 for a URL that cannot be decoded', async () => {
    const response = await app.inject('/things/%zz')
    expect(response.statusCode).toBe(400)
    expect(response.headers['content-type']).toContain('application/problem+json')
  })

  it.each([
    ['DELETE', '/things', 'GET, HEAD, POST'],
    ['POST', `/things/${newId()}`, 'GET, HEAD'],
    ['GET', '/things/1/name', 'PUT'],
    ['TRACE', '/mine', 'GET, HEAD'],
  ] as const)('405 for %s %s, with Allow: %s', async (method, url, allow) => {
    const response = await app.inject({ method: method as 'GET', url })
    expect(response.statusCode).toBe(405)
    expect(response.headers.allow).toBe(allow)
    expect(response.json()).toMatchObject({ type: '/problems/method-not-allowed' })
  })

  it('404 for a path nobody knows', async () => {
    for (const url of ['/nothing', '/things/1/2/3', '/thingsx']) {
      const response = await app.inject(url)
      expect(response.statusCode).toBe(404)
      expect(response.json()).toMatchObject({ type: '/problems/not-found' })
    }
  })
})

describe('an answer', () => {
  it('shows only what its schema names', async () => {
    const response = await send(good)
    expect(response.json()).toEqual({ name: 'pen' })
    expect(response.headers['x-content-type-options']).toBe('nosniff')
  })

  it('carries a request id of our own making', async () => {
    const id = 'given-by-the-client'
    const response = await app.inject({ url: '/things', headers: { 'x-request-id': id, 'request-id': id } })
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it.each(['given-by-the-client', 'Root=1-67891233-abcdef012345678912345678'])(
    'names the request as its sender did, %s, in the log as well',
    async (id) => {
      await app.close()
      const lines: string[] = []
      app = await appWith({ logger: pino({ level: 'info' }, { write: (line) => void lines.push(line) }) })
      app.post('/things', { config: { access: 'public' } }, async () => ({}))
      const headers = { 'x-request-id': id }
      for (const url of ['/things', '/nothing', '/%zz']) {
        const answer = await app.inject({ method: 'POST', url, headers })
        expect([url, answer.headers['x-client-request-id']]).toEqual([url, id])
      }
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        clientRequestId: id,
        reqId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      })
    },
  )

  it.each(['two words', 'a"b', 'x'.repeat(101), 'é', ''])('repeats no name that fits into no log: %s', async (id) => {
    const { headers } = await app.inject({ url: '/things', headers: { 'x-request-id': id } })
    expect(headers).not.toHaveProperty('x-client-request-id')
  })

  it.each(['/things', '/nothing', '/things/%zz', '/broken'])(
    'of %s is no page, and in no frame of one',
    async (url) => {
      expect((await app.inject(url)).headers).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
    },
  )

  it('to a caller is stored by nobody', async () => {
    const response = await app.inject({ url: '/mine', headers: { authorization: 'x' } })
    expect(response.headers['cache-control']).toBe('no-store')
  })

  it('to an error of ours says nothing but its request id', async () => {
    const response = await app.inject('/broken')
    expect(response.statusCode).toBe(500)
    expect(response.body).not.toMatch(/SELECT|secret|home|at /)
    expect(response.json()).toMatchObject({ type: '/problems/internal-error', requestId: expect.any(String) })
  })

  it.each([
    ['/away', 'a server is away'],
    ['/held', 'somebody else holds the row'],
  ])('of %s is 503 with Retry-After while %s', async (path) => {
    const response = await app.inject(path)
    expect(response.statusCode).toBe(503)
    expect(response.headers['retry-after']).toBe('1')
    expect(response.json()).toMatchObject({ type: '/problems/service-unavailable' })
  })

  it('names the problem its use case has named', async () => {
    expect((await app.inject('/conflict')).json()).toMatchObject({
      type: '/problems/cart-empty',
      title: 'Cart empty',
      status: 409,
    })
  })
})

describe('access', () => {
  it.each([
    ['/things', undefined, 200],
    ['/mine', undefined, 401],
    ['/mine', 'customer', 200],
    ['/mine', 'admin', 200],
    ['/all', undefined, 401],
    ['/all', 'customer', 403],
    ['/all', 'admin', 200],
  ])('%s for %s is %i', async (url, authorization, status) => {
    const response = await app.inject({ url, headers: authorization ? { authorization } : {} })
    expect(response.statusCode).toBe(status)
    expect(response.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined)
  })

  it('has to be declared: a route without it does not boot', () => {
    expect(() => app.get('/forgotten', async () => ({}))).toThrow('GET /forgotten does not declare its access')
  })

  it('is refused to two tokens at once', async () => {
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    // as a flat list, since the types allow one value a header only
    const headers = ['host', 'shop', 'authorization', 'one', 'authorization', 'two']
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, path: '/mine', agent: false, headers }, resolve).on('error', reject)
    })
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toBe('Bearer')
    expect(await json(response)).toMatchObject({ type: '/problems/unauthenticated' })
  })
})

describe('a server that closes', () => {
  it('finishes the request it has, and refuses new ones', async () => {
    const closing = new Promise<void>((resolve) => {
      app.addHook('preClose', async () => resolve())
    })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const begun = new Promise((resolve) => {
      app.server.once('request', resolve)
    })
    const running = fetch(`${address}/slow`)
    await begun
    const late = connect(Number(new URL(address).port), '127.0.0.1')
    let answer = ''
    late.on('data', (chunk) => {
      answer += chunk
    })
    late.write('GET /things HTTP/1.1\r\nhost: shop\r\n')
    await once(app.server, 'connection')
    const closed = app.close()
    await closing
    late.write('\r\n')
    await once(late, 'close')
    expect(answer).toMatch(/^HTTP\/1.1 503 .*connection: close.*\/problems\/shutting-down/s)
    expect(answer).toContain('retry-after: 1\r\n')
    finish()
    const response = await running
    expect(response.status).toBe(200)
    expect(response.headers.get('connection')).toBe('close')
    expect(await response.json()).toEqual({ done: true })
    await closed
    await expect(fetch(`${address}/things`)).rejects.toThrow('fetch failed')
  })
})

describe('a connection', () => {
  const open = async () => {
    const { port } = app.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    const ended = once(socket, 'close').then(() => answer)
    await once(socket, 'connect')
    return { socket, ended }
  }

  it.each([
    ['its headers', 'GET /things HTTP/1.1\r\nhost: shop\r\n'],
    ['its body', 'POST /things HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{'],
  ])('whose request brings %s too slowly is answered 408 and ended', async (_what, beginning) => {
    expect(app.server).toMatchObject({ requestTimeout: 15_000, connectionsCheckingInterval: 1_000 })
    Object.assign(app.server, { requestTimeout: 50, headersTimeout: 50, connectionsCheckingInterval: 10 })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { socket, ended } = await open()
    socket.write(beginning)
    expect(await ended).toMatch(/^HTTP\/1.1 408 .*application\/problem\+json.*\/problems\/request-timeout/s)
    expect((await app.inject('/things')).statusCode).toBe(200)
  })

  it.each([
    ['in one piece', `content-length: ${2 ** 20}\r\n\r\n${'x'.repeat(2 ** 20)}`],
    ['in chunks', `transfer-encoding: chunked\r\n\r\n100000\r\n${'x'.repeat(2 ** 20)}\r\n0\r\n\r\n`],
  ])('whose request brings 1 MiB %s hears 413, and goes on', async (_how, body) => {
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { socket, ended } = await open()
    socket.write(`POST /things HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\n${body}`)
    socket.write('GET /nothing HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n')
    expect(await ended).toMatch(
      /^HTTP\/1.1 413 .*\/problems\/payload-too-large.*HTTP\/1.1 404 .*\/problems\/not-found/s,
    )
  })

  it('that is idle outlives the 60 s after which load balancers close it', () => {
    expect(app.server.keepAliveTimeout).toBe(72_000)
  })

  it('too many is hung up on at once, and those before it are served', async () => {
    await app.close()
    app = await appWith({ maxConnections: 2 })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const [first, second] = [await open(), await open()]
    const third = await open()
    third.socket.on('error', () => {})
    expect(await third.ended).toBe('')
    for (const { socket, ended } of [first, second]) {
      socket.write('GET /nothing HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n')
      expect(await ended).toMatch(/^HTTP\/1.1 404 /)
    }
    const fourth = await open()
    fourth.socket.end('GET /nothing HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n')
    expect(await fourth.ended).toMatch(/^HTTP\/1.1 404 /)
  })
})

it('a browser is told to come back over TLS only, where there is TLS', async () => {
  const header = async () => (await app.inject('/things')).headers['strict-transport-security']
  expect(await header()).toBeUndefined()
  await app.close()
  app = await appWith({ isBehindTls: true })
  expect(await header()).toBe('max-age=31536000')
})

describe('docs', () => {
  const production = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'silent',
    SHOP_DATABASE_URL: 'postgres://a:b@127.0.0.1/d',
    SHOP_AMQP_URL: 'amqp://a:b@127.0.0.1/v',
    SHOP_REDIS_URL: 'redis://:b@127.0.0.1/0',
  }
  it.each<[string, Env, number]>([
    ['are there for developers', { NODE_ENV: 'development' }, 200],
    ['are away in production', {}, 404],
    ['are there in production for who wants them', { SHOP_DOCS: 'on' }, 200],
    ['are away for who does not', { NODE_ENV: 'development', SHOP_DOCS: 'off' }, 404],
  ])('%s', async (_what, env, status) => {
    const config = readConfig('order-service', [], { ...production, ...env })
    const runtime = await Runtime.create({ service: 'order-service', about: 'test', config })
    for (const url of ['/docs/', '/docs/json', '/docs/yaml'])
      expect([url, (await runtime.app.inject(url)).statusCode]).toEqual([url, status])
    expect((await runtime.app.inject('/livez')).statusCode).toBe(200)
    await runtime.stop()
  })

  it('run nothing that they did not bring along', async () => {
    const { headers, body } = await app.inject('/docs/')
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self';.* frame-ancestors 'none'$/,
    )
    expect(body).not.toMatch(/<script(?![^>]* src=)/)
  })

  it('say who may call what', async () => {
    expect((await app.inject('/docs/json')).json().paths['/all'].get).toMatchObject({ 'x-access': 'admin' })
  })
})
