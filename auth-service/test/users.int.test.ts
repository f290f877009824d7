import { randomUUID } from 'node:crypto'
import { type Id, newId, type Runtime, statement } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import jwt from 'jsonwebtoken'
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

async function newcomer(name = 'Ada', email = `${randomUUID()}@example.com`) {
  await auth.post('/register', { email, name, password })
  const tokens = (await auth.post('/login', { email, password })).json<Tokens>()
  const bearer = `Bearer ${tokens.accessToken}`
  const id: Id = (await auth.get('/me', bearer)).json().id
  return { id, email, bearer, ...tokens }
}

const rename = (name: unknown, authorization: string) =>
  auth.runtime.app.inject({ method: 'PATCH', url: '/me', payload: { name }, headers: { authorization } })
const told = async (type: string, id: Id) =>
  (await auth.told(type)).map(({ data }) => data as object).filter((data) => JSON.stringify(data).includes(id))
const audited = async (action: string, id: Id) =>
  (await told('account.audited', id)).filter((data) => (data as { action: string }).action === action)

describe('a name', () => {
  test('is changed and told with the next version, once', async () => {
    const ada = await newcomer()
    const answers = [await rename(' Ada Lovelace ', ada.bearer), await rename('Ada Lovelace', ada.bearer)]
    for (const answer of answers) expect([answer.statusCode, answer.json().name]).toEqual([200, 'Ada Lovelace'])
    expect(await told('user.updated', ada.id)).toEqual([
      { userId: ada.id, email: ada.email, name: 'Ada Lovelace', version: 2 },
    ])
    expect(await audited('profile_changed', ada.id)).toHaveLength(1)
  })

  test('of many changes at once is told with a version each', async () => {
    const ada = await newcomer()
    await Promise.all(Array.from({ length: 10 }, (_, n) => rename(`Ada ${n}`, ada.bearer)))
    const versions = (await told('user.updated', ada.id)).map((data) => (data as { version: number }).version)
    expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    const { name } = (await auth.get('/me', ada.bearer)).json()
    const last = (await told('user.updated', ada.id)).find((data) => (data as { version: number }).version === 11)
    expect(last).toMatchObject({ name })
  })

  test.each(['', '  ', 'a'.repeat(101), 'A\u0000', 'A\ud83d', 7, null])('is not %p', async (name) => {
    const ada = await newcomer()
    const answer = await rename(name, ada.bearer)
    expect([answer.statusCode, answer.json().type]).toEqual([400, '/problems/validation'])
  })
})

describe('a number for SMS', () => {
  const change = (payload: object, authorization: string) =>
    auth.runtime.app.inject({ method: 'PATCH', url: '/me', payload, headers: { authorization } })

  test('is told with the profile until it is taken back, and leaves the name alone', async () => {
    const ada = await newcomer()
    const smsNumber = '+4915112345678'
    for (const payload of [{ smsNumber }, { smsNumber }, { name: 'Ada L.' }, { smsNumber: null }])
      expect((await change(payload, ada.bearer)).statusCode).toBe(200)
    const profile = { userId: ada.id, email: ada.email }
    expect(await told('user.updated', ada.id)).toEqual([
      { ...profile, name: 'Ada', smsNumber, version: 2 },
      { ...profile, name: 'Ada L.', smsNumber, version: 3 },
      { ...profile, name: 'Ada L.', version: 4 },
    ])
    expect(await audited('profile_changed', ada.id)).toHaveLength(3)
    expect((await auth.get('/me', ada.bearer)).json()).toMatchObject({ name: 'Ada L.', smsNumber: null })
  })

  test('is told again by an announcement, shown to its owner alone, and gone with the account', async () => {
    const ada = await newcomer()
    const smsNumber = '+4915187654321'
    expect((await change({ smsNumber }, ada.bearer)).json()).toMatchObject({ name: 'Ada', smsNumber })
    expect((await auth.get('/me/export', ada.bearer)).json().account).toMatchObject({ smsNumber })
    expect((await auth.get(`/users?text=${ada.email}`, admin)).body).not.toContain(smsNumber)
    await auth.post('/announce', {}, admin)
    const announced = { userId: ada.id, email: ada.email, name: 'Ada', smsNumber, version: 2 }
    expect(await told('user.updated', ada.id)).toEqual([announced, announced])
    const headers = { authorization: ada.bearer }
    await auth.runtime.app.inject({ method: 'DELETE', url: '/me', payload: { password }, headers })
    const left = statement<{ row: string }>('left', 'SELECT users::text AS row FROM users WHERE id = $1')
    expect(JSON.stringify(await auth.runtime.database.query(left, [ada.id]))).not.toContain(smsNumber)
  })

  test.each([
    '',
    '4915112345678',
    '+49 151 12345678',
    '+0151123456',
    '+123456',
    '+1234567890123456',
    '+4915112345678\r\nBcc: all@example.com',
    '+49151ABC4567',
    4915112345678,
    ['+4915112345678'],
    true,
  ])('is not %p', async (smsNumber) => {
    const ada = await newcomer()
    const answer = await change({ smsNumber }, ada.bearer)
    expect([answer.statusCode, answer.json().type]).toEqual([400, '/problems/validation'])
    expect(await told('user.updated', ada.id)).toEqual([])
  })

  test('is nothing that comes with nothing, or by registering', async () => {
    const ada = await newcomer()
    expect((await change({}, ada.bearer)).statusCode).toBe(400)
    const registration = { email: 'x@example.com', name: 'X', password, smsNumber: '+4915112345678' }
    expect((await auth.post('/register', registration)).statusCode).toBe(400)
  })
})

describe('accounts', () => {
  const find = async (query: string, by = admin) => (await auth.get(`/users?${query}`, by)).json()

  test('are found by the beginning of their address or a part of their name, literally', async () => {
    const prefix = randomUUID()
    const ada = await newcomer('Ada', `${prefix}@example.com`)
    const bob = await newcomer(`Bob ${prefix.toUpperCase()} Jr.`)
    const { items } = await find(`text=${prefix.toUpperCase()}`)
    expect(items.map(({ id }: { id: Id }) => id)).toEqual([ada.id, bob.id])
    expect(items[0]).toEqual({
      id: ada.id,
      email: ada.email,
      name: 'Ada',
      role: 'customer',
      createdAt: expect.any(String),
      deactivatedAt: null,
      deactivationReason: null,
    })
    for (const text of ['%', '_', "'; DROP TABLE users; --", '.*']) {
      expect((await find(`text=${encodeURIComponent(text)}`)).items).toEqual([])
    }
  })

  test('are shown page by page, everybody once, without the deleted', async () => {
    const tag = randomUUID()
    const all: Id[] = []
    for (let n = 0; n < 5; n++) all.push((await newcomer(`${tag} ${n}`)).id)
    const gone = await newcomer(`${tag} gone`)
    const headers = { authorization: gone.bearer }
    await auth.runtime.app.inject({ method: 'DELETE', url: '/me', payload: { password }, headers })
    const shown: Id[] = []
    let after = ''
    do {
      const page = await find(`text=${tag}&limit=2${after}`)
      shown.push(...page.items.map(({ id }: { id: Id }) => id))
      after = page.next && `&after=${page.next}`
    } while (after)
    expect(shown).toEqual(all)
  })

  test.each(['limit=0', 'limit=101', 'limit=x', 'after=one', 'text=%00', 'sort=email'])('not by %s', async (query) => {
    expect((await auth.get(`/users?${query}`, admin)).statusCode).toBe(400)
  })

  test('are the business of administrators', async () => {
    const ada = await newcomer()
    expect((await auth.get('/users', ada.bearer)).statusCode).toBe(403)
    expect((await auth.post(`/users/${ada.id}/role`, { newRole: 'admin' }, ada.bearer)).statusCode).toBe(403)
  })
})

describe('a role', () => {
  const change = (id: string, newRole: string) => auth.post(`/users/${id}/role`, { newRole }, admin)
  const listed = async (authorization: string) =>
    (await elsewhere.app.inject({ url: '/users', headers: { authorization } })).statusCode

  test('is in the next token; those with the old one are refused, the login goes on', async () => {
    const ada = await newcomer()
    expect((await change(ada.id, 'admin')).statusCode).toBe(204)
    await eventually(async () => expect(await listed(ada.bearer)).toBe(401))
    const promoted = (await auth.post('/refresh', { refreshToken: ada.refreshToken })).json<Tokens>()
    expect(await listed(`Bearer ${promoted.accessToken}`)).toBe(200)
    await change(ada.id, 'customer')
    await eventually(async () => expect(await listed(`Bearer ${promoted.accessToken}`)).toBe(401))
    const demoted = (await auth.post('/refresh', { refreshToken: promoted.refreshToken })).json<Tokens>()
    expect(await listed(`Bearer ${demoted.accessToken}`)).toBe(403)
    const record = { userId: ada.id, actorId: expect.any(String) }
    expect(await audited('role_changed', ada.id)).toMatchObject([
      { ...record, role: 'admin' },
      { ...record, role: 'customer' },
    ])
  })

  test('that changes twice in one second leaves no token good that was issued in between', async () => {
    const ada = await newcomer()
    await change(ada.id, 'admin')
    const between = (await auth.post('/refresh', { refreshToken: ada.refreshToken })).json<Tokens>()
    await change(ada.id, 'customer')
    await eventually(async () => expect(await listed(`Bearer ${between.accessToken}`)).toBe(401))
  })

  test('that is being changed is waited for by a refresh: its token names the new one', async () => {
    const ada = await newcomer()
    const { database } = auth.runtime
    const promote = statement('promote', `UPDATE users SET role = 'admin' WHERE id = $1`)
    const waiting = statement<{ n: number }>(
      'waiting',
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    let refresh: ReturnType<typeof auth.post> | undefined
    await database.transaction(async (tx) => {
      await tx.execute(promote, [ada.id])
      refresh = auth.post('/refresh', { refreshToken: ada.refreshToken })
      await eventually(async () => expect(await database.query(waiting)).toEqual([{ n: 1 }]))
    })
    const tokens = (await refresh)?.json<Tokens>()
    expect(jwt.decode(tokens?.accessToken ?? '')).toMatchObject({ sub: ada.id, role: 'admin' })
    await change(ada.id, 'customer')
  })

  test('that somebody has already changes nothing', async () => {
    const ada = await newcomer()
    expect((await change(ada.id, 'customer')).statusCode).toBe(204)
    expect(await audited('role_changed', ada.id)).toEqual([])
    expect((await auth.get('/me', ada.bearer)).statusCode).toBe(200)
  })

  test('of the last administrator stays', async () => {
    const { id } = (await auth.get('/me', admin)).json()
    const answer = await change(id, 'customer')
    expect([answer.statusCode, answer.json().type]).toEqual([409, '/problems/last-administrator'])
  })

  test('of nobody, or one that is none, is refused', async () => {
    const ada = await newcomer()
    const answers = [await change(newId(), 'admin'), await change('one', 'admin'), await change(ada.id, 'root')]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 400, 400])
  })
})
