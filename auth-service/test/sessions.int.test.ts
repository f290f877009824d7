import { randomBytes, randomUUID } from 'node:crypto'
import { type Runtime, redisClient, silent, statement } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import jwt from 'jsonwebtoken'
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

const password = 'correct horse battery'

async function newcomer() {
  const email = `${randomUUID()}@example.com`
  await auth.post('/register', { email, name: 'Ada', password })
  const logIn = async () => (await auth.post('/login', { email, password })).json<Tokens>()
  return { email, logIn, ...(await logIn()) }
}

const refresh = (refreshToken: string) => auth.post('/refresh', { refreshToken })
const bearer = ({ accessToken }: Tokens) => `Bearer ${accessToken}`
const sessionOf = ({ accessToken }: Tokens) => (jwt.decode(accessToken) as { sid: string }).sid
const turnBack = (tokens: Tokens, column: 'rotated_at' | 'expires_at', by: string) =>
  auth.runtime.database.execute(
    statement(`back-${column}-${by}`, `UPDATE sessions SET ${column} = ${column} - interval '${by}' WHERE id = $1`),
    [sessionOf(tokens)],
  )
const statusElsewhere = async (tokens: Tokens) =>
  (await elsewhere.app.inject({ url: '/me', headers: { authorization: bearer(tokens) } })).statusCode
const expectRefusedElsewhere = (tokens: Tokens) =>
  eventually(async () => expect(await statusElsewhere(tokens)).toBe(401))
const audited = async (action: string) =>
  (await auth.told('account.audited')).filter(({ data }) => (data as { action?: string }).action === action)

describe('a refresh', () => {
  test('brings new tokens of the same login, which are good everywhere', async () => {
    const first = await newcomer()
    const answer = await refresh(first.refreshToken)
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store'])
    const second = answer.json<Tokens>()
    expect(second.refreshToken).not.toBe(first.refreshToken)
    expect(sessionOf(second)).toBe(sessionOf(first))
    expect(await statusElsewhere(second)).toBe(200)
  })

  test('stores nothing that could be used', async () => {
    const { refreshToken } = await newcomer()
    expect(Buffer.from(refreshToken, 'base64url')).toHaveLength(32)
    const find = statement<{ sha256: Buffer }>('stored', 'SELECT sha256 FROM refresh_tokens')
    const stored = (await auth.runtime.database.query(find)).map(({ sha256 }) => sha256.toString('base64url'))
    expect(stored).not.toContain(refreshToken)
  })

  test('by two tabs at once brings tokens to both, and the next refresh of each is still no theft', async () => {
    const { refreshToken } = await newcomer()
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken), refresh(refreshToken)])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
    const [one, two] = answers.map((answer) => answer.json<Tokens>().refreshToken)
    expect((await refresh(one ?? '')).statusCode).toBe(200)
    expect((await refresh(two ?? '')).statusCode).toBe(200)
  })

  test('with a token that was used a while ago ends the whole login, and puts that on record', async () => {
    const first = await newcomer()
    const second = (await refresh(first.refreshToken)).json<Tokens>()
    await turnBack(first, 'rotated_at', '11 seconds')
    expect((await refresh(first.refreshToken)).statusCode).toBe(401)
    const [next, own] = [await refresh(second.refreshToken), await audited('refresh_token_reused')]
    expect([next.statusCode, next.json().type]).toEqual([401, '/problems/invalid-refresh-token'])
    const { sub } = jwt.decode(first.accessToken) as { sub: string }
    expect(own.filter(({ data }) => data.userId === sub)).toHaveLength(1)
    await expectRefusedElsewhere(second)
  })

  test('with a grandparent ends the login, however soon it comes', async () => {
    const first = await newcomer()
    const second = (await refresh(first.refreshToken)).json<Tokens>()
    const third = (await refresh(second.refreshToken)).json<Tokens>()
    expect((await refresh(first.refreshToken)).statusCode).toBe(401)
    expect((await refresh(third.refreshToken)).statusCode).toBe(401)
  })

  test('of both branches after a theft within the grace ends the login', async () => {
    const first = await newcomer()
    const [mine, thiefs] = [await refresh(first.refreshToken), await refresh(first.refreshToken)]
    const next = (await refresh(mine.json<Tokens>().refreshToken)).json<Tokens>()
    await turnBack(first, 'rotated_at', '11 seconds')
    expect((await refresh(thiefs.json<Tokens>().refreshToken)).statusCode).toBe(401)
    expect((await refresh(next.refreshToken)).statusCode).toBe(401)
  })

  test('ends thirty days after the login, not after the last refresh', async () => {
    const first = await newcomer()
    const days = (Date.parse((await refresh(first.refreshToken)).json().sessionEndsAt) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(30)
    const other = await newcomer()
    const next = (await refresh(other.refreshToken)).json<Tokens>()
    await turnBack(other, 'expires_at', '30 days')
    expect((await refresh(next.refreshToken)).statusCode).toBe(401)
  })

  test.each([
    ['an access token', async () => (await newcomer()).accessToken],
    ['one that was never issued', async () => randomBytes(32).toString('base64url')],
    ['nothing', async () => ''],
  ])('with %s is refused', async (_, token) => {
    const answer = await refresh(await token())
    expect([answer.statusCode, answer.json().type]).toEqual([401, '/problems/invalid-refresh-token'])
  })
})

test('a refresh token is no access token', async () => {
  const { refreshToken } = await newcomer()
  expect((await auth.get('/me', `Bearer ${refreshToken}`)).statusCode).toBe(401)
})

describe('after a logout', () => {
  test('every service refuses the tokens of that login, and of no other', async () => {
    const ada = await newcomer()
    const phone = await ada.logIn()
    expect((await auth.post('/logout', {}, bearer(ada))).statusCode).toBe(204)
    await expectRefusedElsewhere(ada)
    expect((await refresh(ada.refreshToken)).statusCode).toBe(401)
    expect([await statusElsewhere(phone), (await refresh(phone.refreshToken)).statusCode]).toEqual([200, 200])
  })

  test('that takes five seconds at most', async () => {
    // a busy machine is late now and then, not always
    await eventually(async () => {
      const ada = await newcomer()
      await auth.post('/logout', {}, bearer(ada))
      const started = performance.now()
      await expectRefusedElsewhere(ada)
      expect(performance.now() - started).toBeLessThan(5_000)
    })
  })

  test('everywhere, those of all logins; whoever logs in again in the same second is in', async () => {
    const ada = await newcomer()
    const phone = await ada.logIn()
    expect((await auth.post('/logout-everywhere', {}, bearer(ada))).statusCode).toBe(204)
    const again = await ada.logIn()
    for (const tokens of [ada, phone]) {
      await expectRefusedElsewhere(tokens)
      expect((await refresh(tokens.refreshToken)).statusCode).toBe(401)
    }
    expect(await statusElsewhere(again)).toBe(200)
    expect((await refresh(again.refreshToken)).statusCode).toBe(200)
  })

  test('a Redis that has lost everything is told again', async () => {
    const ada = await newcomer()
    await auth.post('/logout', {}, bearer(ada))
    await expectRefusedElsewhere(ada)
    const redis = redisClient(auth.config.redisUrl, silent)
    await redis.connect()
    const key = `${auth.config.redisPrefix}revoked`
    await redis.del(key)
    await eventually(async () => expect(JSON.parse((await redis.get(key)) ?? '{}').sessions).toContain(sessionOf(ada)))
    redis.disconnect()
  })
})
