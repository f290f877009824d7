import { randomUUID } from 'node:crypto'
import { type Id, newId, type Runtime, statement } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { administrator, authUnderTest } from './auth-under-test'

let auth: Awaited<ReturnType<typeof authUnderTest>>
/** Another service, as far as tokens go: it hears of revocations by Redis alone. */
let elsewhere: Runtime
let admin: string
beforeAll(async () => {
  auth = await authUnderTest()
  elsewhere = await auth.another()
  await elsewhere.start()
  admin = await auth.logIn(administrator)
})
afterAll(() => auth.close())

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}

const password = 'correct horse battery'

async function newcomer(email = `${randomUUID()}@example.com`) {
  await auth.post('/register', { email, name: 'Ada Lovelace', password })
  const logIn = () => auth.post('/login', { email, password })
  const tokens = (await logIn()).json<Tokens>()
  const bearer = `Bearer ${tokens.accessToken}`
  const id: Id = (await auth.get('/me', bearer)).json().id
  return { id, email, logIn, bearer, ...tokens }
}
type Newcomer = Awaited<ReturnType<typeof newcomer>>

const deactivate = (id: string, by = admin, reason = 'sold stolen goods') =>
  auth.post(`/users/${id}/deactivate`, { reason }, by)
const reactivate = (id: string, by = admin) => auth.post(`/users/${id}/reactivate`, {}, by)
const erase = ({ bearer }: Pick<Newcomer, 'bearer'>, secret = password) =>
  auth.runtime.app.inject({
    method: 'DELETE',
    url: '/me',
    payload: { password: secret },
    headers: { authorization: bearer },
  })
const promote = (id: Id) =>
  auth.runtime.database.execute(statement('promote', `UPDATE users SET role = 'admin' WHERE id = $1`), [id])
const told = async (type: string, id: Id) =>
  (await auth.told(type)).map(({ data }) => data as object).filter((data) => JSON.stringify(data).includes(id))
const audited = async (id: Id) => (await told('account.audited', id)).map((data) => (data as { action: string }).action)

async function expectOut({ bearer, refreshToken }: Newcomer) {
  expect((await auth.post('/refresh', { refreshToken })).statusCode).toBe(401)
  await eventually(async () => {
    const answer = await elsewhere.app.inject({ url: '/me', headers: { authorization: bearer } })
    expect(answer.statusCode).toBe(401)
  })
}

/** Without what is another in every answer. */
const problemOf = (answer: { json(): Record<string, unknown> }) => {
  const { requestId: _, ...problem } = answer.json()
  return problem
}

describe('a closed account', () => {
  test('lets nobody in, answers like a wrong password, and its tokens are refused everywhere', async () => {
    const ada = await newcomer()
    const wrong = await auth.post('/login', { email: ada.email, password: 'wrong password' })
    expect((await deactivate(ada.id)).statusCode).toBe(204)
    const refused = await ada.logIn()
    expect([refused.statusCode, problemOf(refused)]).toEqual([401, problemOf(wrong)])
    await expectOut(ada)
    expect(await told('user.deactivated', ada.id)).toEqual([{ userId: ada.id, reason: 'sold stolen goods' }])
    expect(await audited(ada.id)).toContain('deactivated')
  })

  test('gets no code for a new password, and one it has is void', async () => {
    const ada = await newcomer()
    await auth.post('/password-resets', { email: ada.email })
    const [reset] = (await told('user.password_reset_requested', ada.id)) as { code: string }[]
    await deactivate(ada.id)
    const answer = await auth.post('/password-resets/confirm', { code: reset?.code, newPassword: 'a fresh passphrase' })
    expect(answer.json().type).toBe('/problems/invalid-reset-code')
    expect((await auth.post('/password-resets', { email: ada.email })).statusCode).toBe(202)
    expect(await told('user.password_reset_requested', ada.id)).toHaveLength(1)
  })

  test('is opened again: the old password is good, the old logins are not', async () => {
    const ada = await newcomer()
    await deactivate(ada.id)
    expect((await reactivate(ada.id)).statusCode).toBe(204)
    expect((await ada.logIn()).statusCode).toBe(200)
    expect((await auth.post('/refresh', { refreshToken: ada.refreshToken })).statusCode).toBe(401)
    expect(await told('user.reactivated', ada.id)).toHaveLength(1)
    expect(await audited(ada.id)).toContain('reactivated')
  })

  test('a second time changes nothing and is told once', async () => {
    const ada = await newcomer()
    const statuses = [await deactivate(ada.id), await deactivate(ada.id, admin, 'something else')]
    statuses.push(await reactivate(ada.id), await reactivate(ada.id))
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([204, 204, 204, 204])
    expect(await told('user.deactivated', ada.id)).toHaveLength(1)
    expect(await told('user.reactivated', ada.id)).toHaveLength(1)
  })

  test('was one', async () => {
    const statuses = [await deactivate(newId()), await reactivate(newId()), await deactivate('one')]
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([404, 404, 400])
  })

  test('is closed by administrators, with a reason', async () => {
    const ada = await newcomer()
    const statuses = [await deactivate(ada.id, ada.bearer), await reactivate(ada.id, ada.bearer)]
    statuses.push(await deactivate(ada.id, ''), await deactivate(ada.id, admin, ''))
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([403, 403, 401, 400])
    expect((await ada.logIn()).statusCode).toBe(200)
  })
})

describe('a deleted account', () => {
  test('leaves nothing of the person behind, and its logins end', async () => {
    const ada = await newcomer()
    await auth.post('/password-resets', { email: ada.email })
    expect((await erase(ada)).statusCode).toBe(204)
    const tables = ['users', 'sessions', 'password_resets', 'refresh_tokens']
    for (const table of tables) {
      const rows = statement<{ row: string }>(`rows-${table}`, `SELECT ${table}::text AS row FROM ${table}`)
      const all = (await auth.runtime.database.query(rows)).map(({ row }) => row)
      expect(all.join()).not.toContain(ada.email)
      expect(all.filter((row) => row.includes(ada.id)).join()).not.toContain('Ada Lovelace')
    }
    expect(await told('user.deleted', ada.id)).toEqual([{ userId: ada.id, version: 2 }])
    expect(await audited(ada.id)).toContain('personal_data_deleted')
    expect((await ada.logIn()).statusCode).toBe(401)
    await expectOut(ada)
  })

  test('frees its address: somebody else may have it, and is somebody else', async () => {
    const ada = await newcomer()
    await erase(ada)
    const bea = await newcomer(ada.email)
    expect(bea.id).not.toBe(ada.id)
    expect((await bea.logIn()).statusCode).toBe(200)
  })

  test('is not announced, closed or opened any more', async () => {
    const ada = await newcomer()
    await erase(ada)
    await auth.post('/announce', {}, admin)
    expect(await told('user.updated', ada.id)).toEqual([])
    expect([(await deactivate(ada.id)).statusCode, (await reactivate(ada.id)).statusCode]).toEqual([404, 404])
  })

  test('needs its password, and a wrong one is on record', async () => {
    const ada = await newcomer()
    const answer = await erase(ada, 'wrong password')
    expect([answer.statusCode, answer.json().type]).toEqual([403, '/problems/wrong-password'])
    expect((await ada.logIn()).statusCode).toBe(200)
    expect(await audited(ada.id)).toContain('login_failed')
    expect((await erase({ bearer: '' })).statusCode).toBe(401)
  })

  test('is deleted once, of two who ask at once', async () => {
    const ada = await newcomer()
    const answers = await Promise.all([erase(ada), erase(ada)])
    expect(answers.filter(({ statusCode }) => statusCode === 204)).toHaveLength(1)
    expect(await told('user.deleted', ada.id)).toHaveLength(1)
  })
})

test('the last administrator stays, also when two go at once', async () => {
  const me = (await auth.get('/me', admin)).json<{ id: Id }>()
  const answers = [await deactivate(me.id), await erase({ bearer: admin }, administrator.password)]
  expect(answers.map((answer) => [answer.statusCode, answer.json().type])).toEqual([
    [409, '/problems/last-administrator'],
    [409, '/problems/last-administrator'],
  ])
  const [bea, cid] = [await newcomer(), await newcomer()]
  for (const { id } of [bea, cid]) await promote(id)
  const left = await Promise.all([deactivate(bea.id), deactivate(cid.id), deactivate(me.id)])
  expect(left.map(({ statusCode }) => statusCode).toSorted()).toEqual([204, 204, 409])
  // the tests that follow need it
  const reopen = statement('reopen', 'UPDATE users SET deactivated_at = NULL, deactivation_reason = NULL')
  await auth.runtime.database.execute(reopen)
  admin = await auth.logIn(administrator)
  for (const { id } of [bea, cid]) await deactivate(id)
})

test('everybody may have all that is held of them, and nothing of others', async () => {
  const [ada, bea] = [await newcomer(), await newcomer()]
  await auth.post('/password-resets', { email: ada.email })
  await ada.logIn()
  const answer = await auth.get('/me/export', ada.bearer)
  const login = { begunAt: expect.any(String), endsAt: expect.any(String), endedAt: null }
  expect(answer.json()).toEqual({
    account: {
      id: ada.id,
      email: ada.email,
      name: 'Ada Lovelace',
      smsNumber: null,
      role: 'customer',
      createdAt: expect.any(String),
    },
    logins: [login, login],
    passwordResets: [{ askedAt: expect.any(String), usedAt: null }],
  })
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.body).not.toContain(bea.email)
  expect((await auth.get('/me/export', '')).statusCode).toBe(401)
})
