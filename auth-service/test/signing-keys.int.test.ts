import { type Id, newId, type Runtime, statement, tokenVerifier } from '@order-saga/common'
import jwt from 'jsonwebtoken'
import { administrator, authUnderTest } from './auth-under-test'

let auth: Awaited<ReturnType<typeof authUnderTest>>
let admin: string
beforeEach(async () => {
  auth = await authUnderTest()
  admin = await auth.logIn(administrator)
})
afterEach(() => auth.close())

interface Key {
  readonly kid: Id
  readonly state: string
  readonly retiredAt: string | null
}

const listed = async () => (await auth.get('/signing-keys', admin)).json<{ keys: Key[] }>().keys
const states = async () => (await listed()).map(({ state }) => state)
const keyThat = async (state: string) => (await listed()).find((key) => key.state === state)?.kid
const published = async () =>
  (await auth.get('/.well-known/jwks.json', '')).json<{ keys: Key[] }>().keys.map(({ kid }) => kid)
const rotate = (on = auth.runtime) => auth.post('/signing-keys', {}, admin, on)
const withdraw = (kid = '') =>
  auth.runtime.app.inject({ method: 'DELETE', url: `/signing-keys/${kid}`, headers: { authorization: admin } })
const kidOf = (authorization: string) =>
  jwt.decode(authorization.replace('Bearer ', ''), { complete: true })?.header.kid
/** Which key an instance that has just started signs with. */
const signedBy = async () => {
  const login = await auth.post('/login', administrator, '', await auth.another())
  return kidOf(login.json().accessToken)
}
/** All that is on record happened so much earlier. */
const turnBack = (by: string) =>
  auth.runtime.database.execute(
    statement(
      `back-${by}`,
      `UPDATE signing_keys SET created_at = created_at - interval '${by}', retired_at = retired_at - interval '${by}',
         withdrawn_at = withdrawn_at - interval '${by}'`,
    ),
  )
const audited = async (action: string) =>
  (await auth.told('account.audited')).filter(({ data }) => (data as { action?: string }).action === action)

test('several first instances make one key, and each signs with it', async () => {
  const instances: Runtime[] = await Promise.all([auth.another(), auth.another(), auth.another()])
  const logins = await Promise.all(instances.map((on) => auth.post('/login', administrator, '', on)))
  expect(new Set(logins.map((login) => kidOf(login.json().accessToken))).size).toBe(1)
})

describe('a rotation', () => {
  test('publishes the successor at once, and lets it sign two minutes later', async () => {
    const [first] = await published()
    const answer = await rotate()
    const { kid: second, signsFrom } = answer.json()
    expect(answer.statusCode).toBe(201)
    expect(Math.abs(Date.parse(signsFrom) - Date.now() - 120_000)).toBeLessThan(20_000)
    expect(await listed()).toMatchObject([
      { kid: second, state: 'waiting', retiredAt: null },
      { kid: first, state: 'signing', retiredAt: signsFrom },
    ])
    expect(await published()).toEqual([second, first])
    expect(await signedBy()).toBe(first)
    await turnBack('121 seconds')
    expect(await signedBy()).toBe(second)
    expect(await states()).toEqual(['signing', 'retired'])
    expect(await audited('signing_key_rotated')).toHaveLength(1)
  })

  test('leaves the old key published for an hour after its last signature: its tokens stay good', async () => {
    await rotate()
    await turnBack('1 hour')
    expect(await states()).toEqual(['signing', 'retired'])
    const [second, first] = await published()
    expect(kidOf(admin)).toBe(first)
    // has never met any of the keys
    expect(await tokenVerifier(auth.config)(admin)).toMatchObject({ role: 'admin' })
    await turnBack('2 minutes')
    expect(await published()).toEqual([second])
    await expect(tokenVerifier(auth.config)(admin)).rejects.toMatchObject({ status: 401 })
  })

  test('of several instances at once is one, and again while the successor waits none', async () => {
    const instances = [auth.runtime, await auth.another(), await auth.another()]
    const answers = await Promise.all([...instances, ...instances].map((on) => rotate(on)))
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 200, 200, 201])
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(await states()).toEqual(['waiting', 'signing'])
    await turnBack('3 minutes')
    expect((await rotate()).statusCode).toBe(201)
    expect(await states()).toEqual(['waiting', 'signing', 'retired'])
  })
})

describe('a key that is withdrawn', () => {
  test('is not published any more, and a new one signs at once', async () => {
    const [stolen] = await published()
    expect((await withdraw(stolen)).statusCode).toBe(204)
    expect(await states()).toEqual(['signing', 'withdrawn'])
    const [successor, ...others] = await published()
    expect([others, successor === stolen]).toEqual([[], false])
    expect(kidOf(await auth.logIn(administrator))).toBe(successor)
    await expect(tokenVerifier(auth.config)(admin)).rejects.toMatchObject({ status: 401 })
  })

  test('is followed by the one that waits', async () => {
    const stolen = await keyThat('signing')
    await rotate()
    const waiting = await keyThat('waiting')
    await withdraw(stolen)
    expect(await listed()).toMatchObject([
      { kid: waiting, state: 'signing', retiredAt: null },
      { kid: stolen, state: 'withdrawn' },
    ])
    expect(await signedBy()).toBe(waiting)
  })

  test('while it waits leaves the one that signs in force', async () => {
    const signing = await keyThat('signing')
    await rotate()
    await withdraw(await keyThat('waiting'))
    expect(await listed()).toMatchObject([{ state: 'withdrawn' }, { kid: signing, state: 'signing', retiredAt: null }])
    await turnBack('1 day')
    expect(await signedBy()).toBe(signing)
  })

  test('when it is retired changes nothing else', async () => {
    const old = await keyThat('signing')
    await rotate()
    await turnBack('3 minutes')
    expect((await withdraw(old)).statusCode).toBe(204)
    expect(await states()).toEqual(['signing', 'withdrawn'])
  })

  test('a second time is the same, and on record once, with who did it', async () => {
    const stolen = await keyThat('signing')
    const answers = await Promise.all([withdraw(stolen), withdraw(stolen), withdraw(stolen)])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204, 204])
    expect(await states()).toEqual(['signing', 'withdrawn'])
    expect(await audited('signing_key_withdrawn')).toMatchObject([{ data: { actorId: expect.any(String) } }])
  })

  test('was one', async () => {
    expect((await withdraw(newId())).statusCode).toBe(404)
    expect((await withdraw('one')).statusCode).toBe(400)
    expect(await states()).toEqual(['signing'])
  })
})

test('keys are the business of administrators', async () => {
  const ada = { email: 'ada@example.com', password: 'correct horse battery' }
  await auth.post('/register', { ...ada, name: 'Ada' })
  admin = await auth.logIn(ada)
  const answers = [await auth.get('/signing-keys', admin), await rotate(), await withdraw(newId())]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403])
})
