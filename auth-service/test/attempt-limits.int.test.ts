import { randomUUID } from 'node:crypto'
import type { accountAudited, DataOf, Envelope, Runtime } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { AuthConfig } from '../src'
import { authUnderTest } from './auth-under-test'

let auth: Awaited<ReturnType<typeof authUnderTest>>
beforeAll(async () => {
  auth = await authUnderTest()
})
afterAll(() => auth.close())

const password = 'correct horse battery'
const newPrefix = () => `test:${randomUUID()}:`

/** An instance with limits as they ship, but for the ones named, and addresses of its own in Redis. */
async function limited(overrides: Partial<AuthConfig> = {}): Promise<Runtime> {
  const shipped = { loginFailuresPerAccount: 5, loginFailuresPerAddress: 1_000, registrationsPerAddress: 1_000 }
  const instance = await auth.another({ ...shipped, redisPrefix: newPrefix(), ...overrides })
  await instance.app.ready()
  return instance
}

const withRedis = async (overrides: Partial<AuthConfig> = {}) => {
  const instance = await limited(overrides)
  await eventually(() => expect(instance.redis.status).toBe('ready'))
  return instance
}

async function newcomer(on: Runtime): Promise<string> {
  const email = `${randomUUID()}@example.com`
  await auth.post('/register', { email, name: 'Ada', password }, '', on)
  return email
}

const logIn = (on: Runtime, email: string, secret = password, remoteAddress = '192.0.2.1') =>
  on.app.inject({ method: 'POST', url: '/login', payload: { email, password: secret }, remoteAddress })
const statusOf = async (...attempt: Parameters<typeof logIn>) => (await logIn(...attempt)).statusCode

async function fail(on: Runtime, email: string, times = 5): Promise<void> {
  for (let i = 0; i < times; i++) expect(await statusOf(on, email, 'wrong password')).toBe(401)
}

type Audit = Envelope<DataOf<typeof accountAudited>>
const actionsOf = async (isMeant: (audit: Audit) => boolean) =>
  ((await auth.told('account.audited')) as unknown as Audit[]).filter(isMeant).map(({ data }) => data.action)

describe.each([
  ['with Redis', withRedis],
  ['without Redis', (overrides = {}) => limited({ redisUrl: 'redis://127.0.0.1:1', ...overrides })],
])('%s', (_, instanceWith) => {
  test('the sixth wrong password is refused, and then the right one', async () => {
    const on = await instanceWith()
    const email = await newcomer(on)
    await fail(on, email)
    const refused = await logIn(on, email, 'wrong password')
    expect([refused.statusCode, refused.json().type]).toEqual([429, '/problems/rate-limited'])
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(800)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(900)
    expect(await statusOf(on, email)).toBe(429)
  })

  test('that ends with the window', async () => {
    const on = await instanceWith({ loginFailuresPerAccount: 1, loginWindowS: 2 })
    // on a busy machine it may have ended before anybody is refused
    const refused = await eventually(async () => {
      const email = await newcomer(on)
      expect([await statusOf(on, email, 'wrong password'), await statusOf(on, email)]).toEqual([401, 429])
      return email
    })
    await eventually(async () => expect(await statusOf(on, refused)).toBe(200))
  })

  test('a new password by a mailed code ends that for its account alone, and the next lockout is as long as ever', async () => {
    const on = await instanceWith()
    const [ada, bea] = [await newcomer(on), await newcomer(on)]
    await auth.post('/password-resets', { email: ada }, '', on)
    const told = (await auth.told('user.password_reset_requested')).at(-1)
    const { code = '' } = { ...told?.data } as { code?: string }
    for (const email of [ada, bea]) {
      await fail(on, email)
      expect(await statusOf(on, email)).toBe(429)
    }
    const confirm = (newPassword: string, sent = code) =>
      auth.post('/password-resets/confirm', { code: sent, newPassword }, '', on)
    expect((await confirm('a horse of another colour', 'never issued')).statusCode).toBe(400)
    expect((await confirm('a horse of another colour')).statusCode).toBe(204)
    expect(await statusOf(on, ada)).toBe(401)
    expect(await statusOf(on, ada, 'a horse of another colour')).toBe(200)
    expect(await statusOf(on, bea)).toBe(429)
    await fail(on, ada, 4)
    const again = await logIn(on, ada, 'a horse of another colour')
    expect([again.statusCode, Number(again.headers['retry-after'])]).toEqual([429, 1_800])
  })

  test('other accounts can be used, and one more address is no way around', async () => {
    const on = await instanceWith()
    const [ada, bea] = [await newcomer(on), await newcomer(on)]
    await fail(on, ada)
    expect(await statusOf(on, ` ${ada.toUpperCase()}`, password, '192.0.2.2')).toBe(429)
    expect(await statusOf(on, bea)).toBe(200)
  })

  test('an address without an account is refused alike', async () => {
    const on = await instanceWith()
    const answers = []
    for (const email of [await newcomer(on), 'nobody@example.com', 'no address']) {
      await fail(on, email)
      const { requestId: _, ...body } = (await logIn(on, email)).json()
      answers.push(body)
    }
    expect(answers[0]).toMatchObject({ status: 429 })
    expect(answers).toEqual([answers[0], answers[0], answers[0]])
  })

  test('a right password costs nothing', async () => {
    const on = await instanceWith({ loginFailuresPerAddress: 5 })
    const email = await newcomer(on)
    for (let i = 0; i < 7; i++) expect(await statusOf(on, email)).toBe(200)
    await fail(on, email, 4)
    for (let i = 0; i < 3; i++) expect(await statusOf(on, email)).toBe(200)
    await fail(on, email, 1)
    expect(await statusOf(on, email)).toBe(429)
  })

  test('of many guesses at once five are looked at', async () => {
    const on = await instanceWith()
    const email = await newcomer(on)
    const statuses = await Promise.all(Array.from({ length: 30 }, () => statusOf(on, email, 'wrong password')))
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(25)
  })

  test('an address that guesses at many accounts is refused, others are not', async () => {
    const on = await instanceWith({ loginFailuresPerAddress: 3 })
    const email = await newcomer(on)
    for (let i = 0; i < 3; i++) await fail(on, `${randomUUID()}@example.com`, 1)
    const refused = await logIn(on, email)
    expect([refused.statusCode, refused.json().type]).toEqual([429, '/problems/rate-limited'])
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(await statusOf(on, email, password, '192.0.2.2')).toBe(200)
  })

  test('logins, failures and the lockout are on record: each once, however often the locked out ask', async () => {
    const on = await instanceWith({ loginFailuresPerAccount: 2 })
    const email = await newcomer(on)
    const userId = (await auth.told('user.registered')).find(({ data }) => data.email === email)?.data.userId
    expect(await statusOf(on, email)).toBe(200)
    await fail(on, email, 2)
    for (let i = 0; i < 3; i++) expect(await statusOf(on, email)).toBe(429)
    expect(await actionsOf((audit) => audit.data.userId === userId)).toEqual([
      'logged_in',
      'login_failed',
      'login_failed',
      'locked_out',
    ])
  })

  test('a lockout of an address without an account is on record without a user', async () => {
    const on = await instanceWith({ loginFailuresPerAccount: 1 })
    const email = `${randomUUID()}@example.com`
    const answers = [await logIn(on, email), await logIn(on, email), await logIn(on, email)]
    const requests = answers.map((answer) => answer.json().requestId)
    const ofThese = (audit: Audit) => requests.includes(audit.correlationid) && !('userId' in audit.data)
    expect(await actionsOf(ofThese)).toEqual(['login_failed', 'locked_out'])
  })

  test('an address opens so many accounts and no more', async () => {
    const on = await instanceWith({ registrationsPerAddress: 2 })
    const register = (remoteAddress: string) => {
      const payload = { email: `${randomUUID()}@example.com`, name: 'Ada', password }
      return on.app.inject({ method: 'POST', url: '/register', payload, remoteAddress })
    }
    for (let i = 0; i < 2; i++) expect((await register('192.0.2.1')).statusCode).toBe(202)
    const refused = await register('192.0.2.1')
    expect([refused.statusCode, refused.json().type]).toEqual([429, '/problems/rate-limited'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_500)
    expect((await register('192.0.2.2')).statusCode).toBe(202)
  })
})

describe.each([
  ['twice as long, then four times', 900, [900, 1_800, 3_600]],
  ['for a day at most', 50_000, [50_000, 86_400, 86_400]],
])('who is refused again on the same day', (what, loginWindowS, expected) => {
  test(`is refused ${what}`, async () => {
    const redisPrefix = newPrefix()
    const on = await withRedis({ loginFailuresPerAccount: 1, loginWindowS, redisPrefix })
    const email = await newcomer(on)
    for (const seconds of expected) {
      await fail(on, email, 1)
      const refusedForS = Number((await logIn(on, email)).headers['retry-after'])
      expect(refusedForS).toBeGreaterThan(seconds - 100)
      expect(refusedForS).toBeLessThanOrEqual(seconds)
      expect(await statusOf(on, email)).toBe(429)
      // the window is over
      await on.redis.del(await on.redis.keys(`${redisPrefix}*login-account*`))
    }
  })
})

test('instances count together', async () => {
  const redisPrefix = newPrefix()
  const [one, other] = [await withRedis({ redisPrefix }), await withRedis({ redisPrefix })]
  const email = await newcomer(one)
  await fail(one, email, 3)
  await fail(other, email, 2)
  expect([await statusOf(one, email), await statusOf(other, email)]).toEqual([429, 429])
})

test('Redis learns no address of anybody', async () => {
  const redisPrefix = newPrefix()
  const on = await withRedis({ redisPrefix })
  const email = await newcomer(on)
  await fail(on, email, 1)
  const keys = await on.redis.keys(`${redisPrefix}*`)
  expect(keys.some((key) => key.includes('login-account'))).toBe(true)
  expect(keys.join()).not.toContain(email)
})
