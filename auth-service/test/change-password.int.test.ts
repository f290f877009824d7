import { randomUUID } from 'node:crypto'
import { type Runtime, statement } from '@order-saga/common'
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

const old = 'correct horse battery'
const fresh = 'a horse of another colour'

async function newcomer(on = auth.runtime) {
  const email = `${randomUUID()}@example.com`
  await auth.post('/register', { email, name: 'Ada', password: old }, '', on)
  const logIn = (password = old) => auth.post('/login', { email, password }, '', on)
  return { email, logIn, ...(await logIn()).json<Tokens>() }
}

const bearer = ({ accessToken }: Tokens) => `Bearer ${accessToken}`
const change = (tokens: Tokens, currentPassword = old, newPassword = fresh, on = auth.runtime) =>
  auth.post('/me/password', { currentPassword, newPassword }, bearer(tokens), on)
const refreshed = async ({ refreshToken }: Tokens) => (await auth.post('/refresh', { refreshToken })).statusCode
const audited = async (action: string, userId: string) =>
  (await auth.told('account.audited'))
    .map(({ data }) => data as { action?: string; userId?: string })
    .filter((data) => data.action === action && data.userId === userId)
const idOf = async (tokens: Tokens) => (await auth.get('/me', bearer(tokens))).json().id

test('a password is changed: the new one is good, the old one is not', async () => {
  const ada = await newcomer()
  const userId = await idOf(ada)
  expect((await change(ada)).statusCode).toBe(204)
  expect([(await ada.logIn(old)).statusCode, (await ada.logIn(fresh)).statusCode]).toEqual([401, 200])
  expect(await audited('password_changed', userId)).toHaveLength(1)
})

test('it ends every login, and every service refuses their tokens; one begun since then is good', async () => {
  const ada = await newcomer()
  const phone = (await ada.logIn()).json<Tokens>()
  await change(ada)
  const again = (await ada.logIn(fresh)).json<Tokens>()
  for (const tokens of [ada, phone]) {
    expect(await refreshed(tokens)).toBe(401)
    await eventually(async () => {
      const answer = await elsewhere.app.inject({ url: '/me', headers: { authorization: bearer(tokens) } })
      expect(answer.statusCode).toBe(401)
    })
  }
  const answer = await elsewhere.app.inject({ url: '/me', headers: { authorization: bearer(again) } })
  expect([answer.statusCode, await refreshed(again)]).toEqual([200, 200])
})

test('the current one must be right; otherwise nothing changes, and that is on record', async () => {
  const ada = await newcomer()
  const answer = await change(ada, 'wrong password')
  expect([answer.statusCode, answer.json().type]).toEqual([403, '/problems/wrong-password'])
  expect([(await ada.logIn(old)).statusCode, await refreshed(ada)]).toEqual([200, 200])
  expect(await audited('login_failed', await idOf(ada))).toHaveLength(1)
})

test.each([
  ['short', 'seven77'],
  ['common', 'PASSWORD123'],
  ['too long', 'x'.repeat(257)],
  ['about the shop', 'Order-Saga 2026!'],
])('a new one that is %s is refused', async (_, weak) => {
  const ada = await newcomer()
  const answer = await change(ada, old, weak)
  expect([answer.statusCode, answer.json().type]).toEqual([400, '/problems/weak-password'])
  expect((await ada.logIn(old)).statusCode).toBe(200)
})

test('one that names the address is refused', async () => {
  const ada = await newcomer()
  const answer = await change(ada, old, `I am ${ada.email.split('@')[0]}`)
  expect(answer.json().type).toBe('/problems/weak-password')
})

test('a token is needed', async () => {
  const answer = await auth.post('/me/password', { currentPassword: old, newPassword: fresh })
  expect(answer.statusCode).toBe(401)
})

test('wrong ones count as failed logins: the sixth guess is refused, and so is a login', async () => {
  const on = await auth.another({ loginFailuresPerAccount: 5, redisPrefix: `test:${randomUUID()}:` })
  await on.app.ready()
  const ada = await newcomer(on)
  for (let i = 0; i < 5; i++) expect((await change(ada, 'wrong password', fresh, on)).statusCode).toBe(403)
  const refused = await change(ada, old, fresh, on)
  expect([refused.statusCode, refused.json().type]).toEqual([429, '/problems/rate-limited'])
  expect((await ada.logIn(old)).statusCode).toBe(429)
})

test('of two changes at once one is made', async () => {
  const ada = await newcomer()
  const [one, other] = ['one new passphrase', 'other new passphrase']
  const statuses = (await Promise.all([change(ada, old, one), change(ada, old, other)])).map((a) => a.statusCode)
  expect(statuses.toSorted()).toEqual([204, 403])
  const logins = [(await ada.logIn(one)).statusCode, (await ada.logIn(other)).statusCode]
  expect(logins).toEqual(statuses.map((status) => (status === 204 ? 200 : 401)))
})

test('a login with the old one, begun before and ended after the change, is none', async () => {
  const ada = await newcomer()
  const { database } = auth.runtime
  const change = statement('change', `UPDATE users SET password_hash = '-' WHERE email = $1`)
  const waiting = statement<{ n: number }>(
    'waiting',
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  let login: ReturnType<typeof ada.logIn> | undefined
  await database.transaction(async (tx) => {
    await tx.execute(change, [ada.email])
    login = ada.logIn(old)
    await eventually(async () => expect(await database.query(waiting)).toEqual([{ n: 1 }]))
  })
  expect((await login)?.statusCode).toBe(401)
})
