import { randomUUID } from 'node:crypto'
import { maskOf, type Runtime, statement, userPasswordResetRequested } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { authUnderTest } from './auth-under-test'

let auth: Awaited<ReturnType<typeof authUnderTest>>
/** Another service, as far as tokens go: it hears of revocations by Redis alone. */
let elsewhere: Runtime
beforeAll(async () => {
  auth = await authUnderTest()
  elsewhere = await auth.another()
  await elsewhere.start()
})
afterAll(() => auth.close())

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}
interface Told {
  readonly userId: string
  readonly code: string
  readonly expiresAt: string
}

const old = 'correct horse battery'
const fresh = 'a horse of another colour'

async function newcomer() {
  const email = `${randomUUID()}@example.com`
  await auth.post('/register', { email, name: 'Ada', password: old })
  const logIn = (password = old) => auth.post('/login', { email, password })
  const tokens = (await logIn()).json<Tokens>()
  const id: string = (await auth.get('/me', `Bearer ${tokens.accessToken}`)).json().id
  return { id, email, logIn, ...tokens }
}

const request = (email: string) => auth.post('/password-resets', { email })
const confirm = (code = '', newPassword = fresh) => auth.post('/password-resets/confirm', { code, newPassword })
/** The codes that were mailed to somebody, in order. */
const codesOf = async (userId: string) =>
  (await auth.told('user.password_reset_requested'))
    .map(({ data }) => data as unknown as Told)
    .filter((told) => told.userId === userId)
    .map(({ code }) => code)
const audited = async (action: string) =>
  (await auth.told('account.audited'))
    .map(({ data }) => data as { action?: string; userId?: string })
    .filter((data) => data.action === action)
const turnBack = (userId: string, by: string) =>
  auth.runtime.database.execute(
    statement(
      `back-${by}`,
      `UPDATE password_resets SET created_at = created_at - interval '${by}', expires_at = expires_at - interval '${by}'
       WHERE user_id = $1`,
    ),
    [userId],
  )

async function expectInvalid(code?: string) {
  const answer = await confirm(code)
  const { requestId: _, ...problem } = answer.json()
  expect([answer.statusCode, problem.type]).toEqual([400, '/problems/invalid-reset-code'])
  return problem
}

async function resetOf(ada: { id: string; email: string }) {
  expect((await request(ada.email)).statusCode).toBe(202)
  return (await codesOf(ada.id)).at(-1)
}

describe('a code', () => {
  test('sets a new password, ends every login and is on record', async () => {
    const ada = await newcomer()
    const code = await resetOf({ ...ada, email: ` ${ada.email.toUpperCase()}` })
    expect((await confirm(code)).statusCode).toBe(204)
    expect([(await ada.logIn(old)).statusCode, (await ada.logIn(fresh)).statusCode]).toEqual([401, 200])
    expect((await auth.post('/refresh', { refreshToken: ada.refreshToken })).statusCode).toBe(401)
    await eventually(async () => {
      const headers = { authorization: `Bearer ${ada.accessToken}` }
      expect((await elsewhere.app.inject({ url: '/me', headers })).statusCode).toBe(401)
    })
    expect((await audited('password_reset')).filter(({ userId }) => userId === ada.id)).toHaveLength(1)
  })

  test('is told with 128 bits and twenty minutes, and stored as its digest only', async () => {
    const ada = await newcomer()
    const code = (await resetOf(ada)) ?? ''
    const [told] = (await auth.told('user.password_reset_requested')).filter(({ data }) => data.userId === ada.id)
    const { expiresAt = '' } = (told?.data ?? {}) as unknown as Partial<Told>
    expect(Buffer.from(code, 'base64url')).toHaveLength(16)
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 20 * 60_000)).toBeLessThan(30_000)
    const rows = statement<{ row: string }>('rows', 'SELECT password_resets::text AS row FROM password_resets')
    const stored = JSON.stringify(await auth.runtime.database.query(rows))
    expect(stored).not.toContain(code)
    expect(stored).not.toContain(Buffer.from(code).toString('hex'))
    expect(maskOf(userPasswordResetRequested.payload)(told?.data)).toMatchObject({ code: '***', userId: ada.id })
  })

  test('is good once, also of two who come at once', async () => {
    const ada = await newcomer()
    const code = await resetOf(ada)
    const answers = await Promise.all([confirm(code), confirm(code, 'another passphrase')])
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([204, 400])
    await expectInvalid(code)
  })

  test.each([
    ['one that was used', async (code: string) => void (await confirm(code))],
    ['one twenty minutes old', async (_: string, id: string) => void (await turnBack(id, '20 minutes'))],
    ['one that a newer one replaced', async (_: string, __: string, email: string) => void (await request(email))],
    [
      'one from before the password was changed',
      async (_: string, __: string, email: string) => {
        const login = await auth.post('/login', { email, password: old })
        const change = { currentPassword: old, newPassword: 'changed by hand' }
        await auth.post('/me/password', change, `Bearer ${login.json().accessToken}`)
      },
    ],
  ])('%s is answered like one that never was', async (_, spoil) => {
    const ada = await newcomer()
    const code = (await resetOf(ada)) ?? ''
    await spoil(code, ada.id, ada.email)
    expect(await expectInvalid(code)).toEqual(await expectInvalid('never issued'))
  })

  test('that replaced another is good', async () => {
    const ada = await newcomer()
    await resetOf(ada)
    expect((await confirm(await resetOf(ada))).statusCode).toBe(204)
  })

  test('is still good after a password that was too weak', async () => {
    const ada = await newcomer()
    const code = await resetOf(ada)
    for (const weak of ['seven77', 'PASSWORD123', `I am ${ada.email.split('@')[0]}`])
      expect((await confirm(code, weak)).json().type).toBe('/problems/weak-password')
    expect((await confirm(code)).statusCode).toBe(204)
  })

  test('of somebody is nobody else’s', async () => {
    const [ada, bea] = [await newcomer(), await newcomer()]
    await confirm(await resetOf(ada))
    expect((await bea.logIn(old)).statusCode).toBe(200)
  })
})

describe('who asks for one', () => {
  test('gets the same answer without an account, where nothing is told and as much goes on record', async () => {
    const ada = await newcomer()
    const before = [await audited('password_reset_requested'), await auth.told('user.password_reset_requested')]
    const answers = [await request(ada.email), await request('nobody@example.com'), await request('no address')]
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1)
    const after = [await audited('password_reset_requested'), await auth.told('user.password_reset_requested')]
    expect(after.map(({ length }, n) => length - (before[n]?.length ?? 0))).toEqual([3, 1])
  })

  test('gets three an hour, also of many requests at once, and the last of them stays good', async () => {
    const ada = await newcomer()
    const answers = await Promise.all(Array.from({ length: 12 }, () => request(ada.email)))
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]))
    const codes = await codesOf(ada.id)
    expect(codes).toHaveLength(3)
    const statuses = []
    for (const code of codes) statuses.push((await confirm(code)).statusCode)
    expect(statuses.toSorted()).toEqual([204, 400, 400])
    await turnBack(ada.id, '1 hour')
    await request(ada.email)
    expect(await codesOf(ada.id)).toHaveLength(4)
  })

  test('from one address often is refused, from another one is not', async () => {
    const on = await auth.another({ resetsPerAddress: 2, redisPrefix: `test:${randomUUID()}:` })
    const ask = (remoteAddress: string) =>
      on.app.inject({ method: 'POST', url: '/password-resets', payload: { email: 'a@example.com' }, remoteAddress })
    for (let i = 0; i < 2; i++) expect((await ask('192.0.2.1')).statusCode).toBe(202)
    const refused = await ask('192.0.2.1')
    expect([refused.statusCode, refused.json().type]).toEqual([429, '/problems/rate-limited'])
    expect((await ask('192.0.2.2')).statusCode).toBe(202)
  })
})
