import type { App } from '@order-saga/common'
import { unauthenticated } from '../src/http/problem'
import { testApp } from './support/app'

const ours = 'https://shop.example'
const theirs = 'https://elsewhere.example'

let app: App
const open = async (allowedOrigins?: string[]) => {
  app = await testApp({
    authenticate: async () => {
      throw unauthenticated()
    },
    ...(allowedOrigins && { allowedOrigins }),
  })
  app.get('/things', { config: { access: 'public' } }, async (_request, reply) => reply.header('etag', '"1"').send({}))
  app.post('/things', { config: { access: 'customer' } }, async () => ({}))
}
beforeEach(() => open([ours, 'http://localhost:5173']))
afterEach(() => app.close())

const get = (origin?: string) => app.inject({ url: '/things', headers: origin ? { origin } : {} })
const preflight = (origin: string, url = '/things') =>
  app.inject({
    method: 'OPTIONS',
    url,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })
const namesOf = ({ headers }: { headers: object }) =>
  Object.keys(headers).filter((name) => /^access-control/.test(name))

describe('a page of an origin on the list', () => {
  it.each([ours, 'http://localhost:5173'])('reads answers: %s', async (origin) => {
    const { statusCode, headers } = await get(origin)
    expect([statusCode, headers['access-control-allow-origin']]).toEqual([200, origin])
    expect(headers['access-control-expose-headers']).toMatch(/\betag\b.*\bretry-after\b.*\bx-request-id\b/)
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  it.each([
    ['POST', '/things', 401],
    ['GET', '/nothing', 404],
    ['DELETE', '/things', 405],
  ] as const)('reads refusals: %s %s, %i', async (method, url, status) => {
    const { statusCode, headers } = await app.inject({ method, url, headers: { origin: ours } })
    expect([statusCode, headers['access-control-allow-origin']]).toEqual([status, ours])
  })

  it('is told before it asks what it may send', async () => {
    const { statusCode, headers, body } = await preflight(ours)
    expect([statusCode, body]).toEqual([204, ''])
    expect(headers).toMatchObject({
      'access-control-allow-origin': ours,
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': expect.stringMatching(/authorization.*content-type.*idempotency-key.*if-match/),
      'access-control-max-age': '600',
      vary: expect.stringContaining('Origin'),
    })
  })

  it('is told nothing of a path that nobody knows', async () => {
    expect((await preflight(ours, '/nothing')).statusCode).toBe(404)
  })

  it('gets 405 for OPTIONS that is no preflight', async () => {
    expect((await app.inject({ method: 'OPTIONS', url: '/things', headers: { origin: ours } })).statusCode).toBe(405)
  })
})

it.each([theirs, 'null', `${ours}.evil.example`, `${ours}:444`, 'http://shop.example', 'HTTPS://shop.example'])(
  'a page of another origin is told nothing: %s',
  async (origin) => {
    const [answer, before] = [await get(origin), await preflight(origin)]
    expect([answer.statusCode, before.statusCode]).toEqual([200, 405])
    expect([...namesOf(answer), ...namesOf(before)]).toEqual([])
  },
)

it('no cache takes the answer to one origin for that to another', async () => {
  for (const origin of [undefined, ours, theirs]) expect((await get(origin)).headers.vary).toContain('Origin')
})

it('without a list no page of another origin reads anything', async () => {
  await app.close()
  await open()
  const [answer, before] = [await get(ours), await preflight(ours)]
  expect([namesOf(answer), before.statusCode]).toEqual([[], 405])
})
