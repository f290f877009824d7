import { randomUUID } from 'node:crypto'
import { eventually } from '@order-saga/common/testing'
import { TestShop } from '../support/test-shop'

const TRUSTING = { SHOP_TRUSTED_PROXIES: '127.0.0.1' }
const admin = { email: 'admin@shop.example', password: 'development-only-admin' }

let shop: TestShop
let logged = ''
beforeAll(async () => {
  // whatever a level it has, it says
  const onLog = (text: string) => {
    logged += text
  }
  shop = await TestShop.open({ hasAccounts: true, processes: ['logger-service'], onLog })
}, 120_000)
afterAll(() => shop?.close(), 60_000)

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}

const post = <T>(path: string, body: object, { token = '', address }: { token?: string; address?: string } = {}) =>
  shop.ask<T>('logger-service', path, { token, body, ...(address && { headers: { 'x-forwarded-for': address } }) })

test('one logs in, goes on and logs out where the console is, and nothing of it is in a log', async () => {
  const { status, body, headers } = await post<Tokens>('/session', admin)
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
  const look = async ({ accessToken: token }: Tokens) =>
    (await shop.ask('logger-service', '/dead-letters', { token })).status
  expect(await look(body)).toBe(200)

  const next = await post<Tokens>('/session/refresh', { refreshToken: body.refreshToken })
  expect([next.status, await look(next.body)]).toEqual([200, 200])

  expect((await post('/session/end', {}, { token: next.body.accessToken })).status).toBe(204)
  await eventually(async () => expect(await look(next.body)).toBe(401))
  expect((await post('/session/refresh', { refreshToken: next.body.refreshToken })).status).toBe(401)

  await eventually(() => expect(logged).toContain('/session/end'))
  for (const secret of [admin.email, admin.password, body.accessToken, body.refreshToken, next.body.refreshToken])
    expect(logged).not.toContain(secret)
})

test('auth-service counts the address of whoever logs in, and its refusals are passed on', async () => {
  await shop.restart('auth-service', { ...TRUSTING, SHOP_LOGIN_FAILURES_PER_ADDRESS: '2' })
  await shop.restart('logger-service', TRUSTING)
  const guess = (address: string) =>
    post<{ type: string; instance: string }>('/session', { ...admin, password: randomUUID() }, { address })
  for (const _guess of [1, 2])
    expect(await guess('203.0.113.7')).toMatchObject({
      status: 401,
      body: { type: '/problems/invalid-credentials', instance: '/session' },
    })
  const third = await guess('203.0.113.7')
  expect(third).toMatchObject({ status: 429, body: { type: '/problems/rate-limited' } })
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await guess('203.0.113.8')).status).toBe(401)
})

test('who guesses is refused here before auth-service would refuse everybody who comes through here', async () => {
  await shop.restart('auth-service')
  await shop.restart('logger-service', TRUSTING)
  const guess = async (address: string) => {
    const wrong = { email: `${randomUUID()}@example.com`, password: randomUUID() }
    return (await post('/session', wrong, { address })).status
  }
  const many: number[] = []
  for (let n = 0; n < 12; n++) many.push(await guess('203.0.113.9'))
  expect(many).toEqual([...Array(10).fill(401), 429, 429])
  expect(await guess('203.0.113.10')).toBe(401)
})
