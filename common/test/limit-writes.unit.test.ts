import { type App, Metrics, newId, RateLimit, redisClient, silent } from '@order-saga/common'
import type { AppOptions } from '../src/http/build-app'
import { healthRoutes } from '../src/http/health'
import { unauthenticated } from '../src/http/problem'
import { testApp } from './support/app'

// nobody connects it: what a limit does without Redis
const away = redisClient('redis://127.0.0.1:1', silent)
const limitOf = (points: number) => new RateLimit(away, 'test:', { name: 'writes', points, windowS: 60 })

const appWith = (options: Partial<AppOptions> = {}): Promise<App> =>
  testApp({
    authenticate: async (authorization = '') => {
      const [role = '', userId] = authorization.split(' ')
      if (!userId) throw unauthenticated()
      return { userId, token: 't', role: role === 'admin' ? 'admin' : 'customer' }
    },
    writeLimit: limitOf(2),
    ...options,
  })

let app: App
async function open(options: Partial<AppOptions> = {}): Promise<void> {
  app = await appWith(options)
  healthRoutes(app, async () => [], new Metrics('order-service'))
  for (const access of ['public', 'customer', 'admin'] as const) {
    const route = { config: { access }, handler: async () => ({}) }
    app.route({ ...route, url: `/${access}`, method: ['POST', 'PUT', 'PATCH', 'DELETE'] })
    app.route({ ...route, url: `/${access}`, method: 'GET' })
  }
  app.post('/signed', { config: { access: 'public', refuseUnsigned: () => undefined } }, async () => ({}))
  await app.ready()
}
afterEach(() => app.close())

const customer = () => `customer ${newId()}`
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
const ask = (method: Method, url: string, authorization = '', from = '192.0.2.1', forwardedFor = '') =>
  app.inject({
    method,
    url,
    remoteAddress: from,
    headers: { ...(authorization && { authorization }), ...(forwardedFor && { 'x-forwarded-for': forwardedFor }) },
  })
const statusOf = async (...question: Parameters<typeof ask>) => (await ask(...question)).statusCode

describe('what changes something', () => {
  it('is refused to whoever has used up the limit, with what is left in every answer', async () => {
    await open()
    const ada = customer()
    const answers = [await ask('POST', '/customer', ada), await ask('PUT', '/customer', ada)]
    const refused = await ask('DELETE', '/customer', ada)
    expect([...answers, refused].map(({ statusCode }) => statusCode)).toEqual([200, 200, 429])
    expect([...answers, refused].map(({ headers }) => headers['ratelimit-policy'])).toEqual(
      Array(3).fill('"writes";q=2;w=60'),
    )
    expect([...answers, refused].map(({ headers }) => headers.ratelimit)).toEqual(
      [1, 0, 0].map((left) => expect.stringMatching(`^"writes";r=${left};t=(59|60)$`)),
    )
    expect(refused.json()).toMatchObject({ type: '/problems/rate-limited', status: 429 })
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50)
    expect(await statusOf('PATCH', '/customer', ada)).toBe(429)
  })

  it('is counted by user, wherever that one is', async () => {
    await open()
    const [ada, bea] = [customer(), customer()]
    for (const from of ['192.0.2.1', '192.0.2.2']) expect(await statusOf('POST', '/customer', ada, from)).toBe(200)
    expect(await statusOf('POST', '/customer', ada, '192.0.2.3')).toBe(429)
    expect(await statusOf('POST', '/customer', bea)).toBe(200)
  })

  it('is counted by address where nobody says who is asking', async () => {
    await open()
    for (const method of ['POST', 'DELETE'] as const) expect(await statusOf(method, '/public')).toBe(200)
    expect(await statusOf('POST', '/public')).toBe(429)
    expect(await statusOf('POST', '/public', '', '192.0.2.2')).toBe(200)
    expect(await statusOf('POST', '/customer', customer())).toBe(200)
  })

  it('costs nothing when the token is wrong', async () => {
    await open()
    for (let i = 0; i < 3; i++) expect(await statusOf('POST', '/customer')).toBe(401)
    for (let i = 0; i < 2; i++) expect(await statusOf('POST', '/public')).toBe(200)
  })

  it('may be done by administrators as often as they like', async () => {
    await open()
    const boss = `admin ${newId()}`
    for (let i = 0; i < 5; i++) expect(await statusOf('POST', '/admin', boss)).toBe(200)
  })
})

it('one sender who signs may say something of everybody', async () => {
  await open()
  for (let i = 0; i < 5; i++) expect(await statusOf('POST', '/signed')).toBe(200)
})

it('what changes nothing has not this limit', async () => {
  await open()
  const ada = customer()
  for (let i = 0; i < 3; i++) await ask('POST', '/customer', ada)
  for (let i = 0; i < 3; i++) await ask('POST', '/public')
  for (const url of ['/customer', '/public', '/livez', '/readyz', '/metrics', '/docs/json']) {
    const answer = await ask('GET', url, ada)
    expect([url, answer.statusCode, answer.headers.ratelimit]).toEqual([url, 200, undefined])
  }
})

it('what only reads has a limit of its own, of each user, that leaves the public and administrators alone', async () => {
  await open({ readLimit: 2 })
  const [ada, bob] = [customer(), customer()]
  const statuses = []
  for (let i = 0; i < 3; i++) statuses.push(await statusOf('GET', '/customer', ada))
  expect(statuses).toEqual([200, 200, 429])
  const refused = await ask('GET', '/customer', ada)
  expect(refused.json()).toMatchObject({ type: '/problems/rate-limited', status: 429 })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(55)
  expect(await statusOf('GET', '/customer', bob)).toBe(200)
  expect(await statusOf('POST', '/customer', ada)).toBe(200)
  for (let i = 0; i < 3; i++) expect(await statusOf('GET', '/admin', `admin ${newId()}`)).toBe(200)
  for (const url of ['/public', '/livez', '/metrics'])
    for (let i = 0; i < 3; i++) expect([url, await statusOf('GET', url, ada)]).toEqual([url, 200])
})

it('the address is that of the connection, unless a proxy we trust has another one', async () => {
  await open({ trustedProxies: ['10.0.0.0/8'] })
  const statuses = async (from: string, forwardedFor: string[]) =>
    Promise.all(forwardedFor.map((client) => statusOf('POST', '/public', '', from, client)))
  const clients = ['203.0.113.1', '203.0.113.2', '203.0.113.3']
  expect(await statuses('10.1.2.3', clients)).toEqual([200, 200, 200])
  expect(await statuses('192.0.2.9', clients)).toEqual([200, 200, 429])
})

it('OpenAPI tells of the 429 where there is a limit', async () => {
  await open()
  const { paths, components } = (await ask('GET', '/docs/json')).json()
  const { $ref } = paths['/customer'].post.responses['429']
  const name = $ref.replace('#/components/responses/', '')
  expect(Object.keys(components.responses[name].headers)).toEqual(
    expect.arrayContaining(['Retry-After', 'RateLimit', 'RateLimit-Policy']),
  )
  expect(Object.keys(paths['/customer'].get.responses)).not.toContain('429')
  expect(Object.keys(paths['/admin'].post.responses)).not.toContain('429')
})
