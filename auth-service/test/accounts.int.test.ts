import { newId, statement } from '@order-saga/common'
import { eventually, testTokens } from '@order-saga/common/testing'
import { administrator, authUnderTest } from './auth-under-test'

let auth: Awaited<ReturnType<typeof authUnderTest>>
beforeAll(async () => {
  auth = await authUnderTest()
})
afterAll(() => auth.close())

const ada = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' }
const medianOf = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const withoutRequestId = ({ requestId: _, ...body }: Record<string, unknown>) => body

describe('register', () => {
  test('opens an account and tells so in the same transaction', async () => {
    const answer = await auth.post('/register', ada)
    expect(answer.statusCode).toBe(202)
    const told = (await auth.told('user.registered')).filter(({ data }) => data.email === ada.email)
    expect(told).toHaveLength(1)
    expect(told[0]?.data).toEqual({ userId: expect.any(String), email: ada.email, name: 'Ada', version: 1 })
  })

  test('answers the same for an address that has an account, whose password stays', async () => {
    const first = await auth.post('/register', { ...ada, email: 'bea@example.com' })
    const second = await auth.post('/register', { ...ada, email: ' BEA@Example.com ', password: 'another passphrase' })
    expect([second.statusCode, second.body]).toEqual([first.statusCode, first.body])
    const login = await auth.post('/login', { email: 'bea@example.com', password: 'another passphrase' })
    expect(login.statusCode).toBe(401)
  })

  test('twenty at once with one address open one account, tell it once and hear one answer', async () => {
    const spellings = ['cid@example.com', 'CID@example.com', ' cid@example.com', 'Cid@Example.COM ']
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => auth.post('/register', { ...ada, email: spellings[i % 4] })),
    )
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1)
    const told = (await auth.told('user.registered')).filter(({ data }) => data.email === 'cid@example.com')
    expect(told).toHaveLength(1)
  })

  test.each([
    ['no address', { email: 'ada' }],
    ['an address of two lines', { email: 'a\n@example.com' }],
    ['a host with an umlaut', { email: 'ada@exämple.com' }],
    ['letters with accents before the @', { email: 'ädà@example.com' }],
    ['an address of 255 characters', { email: `${'a'.repeat(243)}@example.com` }],
    ['a blank name', { name: '  ' }],
    ['a name with NUL', { name: 'A\u0000' }],
    ['half of a character in the name', { name: 'A\ud83d' }],
    ['a name of 101 characters', { name: 'a'.repeat(101) }],
    ['a role', { role: 'admin' }],
  ])('refuses %s', async (_, wrong) => {
    const answer = await auth.post('/register', { ...ada, ...wrong })
    expect([answer.statusCode, answer.json().type]).toEqual([400, '/problems/validation'])
  })

  test.each([
    'seven77',
    'aaaaaaaaaa',
    'x'.repeat(257),
    'i am ada and proud',
    'Order-Saga 2026!',
    'PASSWORD123',
    'butterfly',
    'Samantha',
    'babygirl',
    'password2',
    // from the end of the list
    'voxstrange',
    'roma1996',
    // a sequence, which is not in it
    '87654321',
  ])('refuses the weak password %s', async (password) => {
    const answer = await auth.post('/register', { ...ada, password })
    expect([answer.statusCode, answer.json().type]).toEqual([400, '/problems/weak-password'])
  })
})

describe.each(['/register', '/login'])('%s', (url) => {
  test.each([[{ length: 12 }], [['correct horse']], [12_345_678], [true], [null]])(
    'refuses the password %j, which is no text',
    async (password) => {
      const { name, ...credentials } = ada
      const answer = await auth.post(url, { ...credentials, ...(url === '/register' && { name }), password })
      expect([answer.statusCode, answer.json().type]).toEqual([400, '/problems/validation'])
      expect(answer.json().errors).toEqual([expect.objectContaining({ pointer: '/password' })])
    },
  )
})

describe('log in', () => {
  test('takes the address in any spelling', async () => {
    await auth.post('/register', { ...ada, email: 'dan@example.com' })
    const answer = await auth.post('/login', { email: ' Dan@EXAMPLE.com', password: ada.password })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      expiresIn: 900,
      refreshToken: expect.any(String),
      sessionEndsAt: expect.stringMatching(/Z$/),
    })
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('answers a wrong password and an unknown address alike', async () => {
    await auth.post('/register', { ...ada, email: 'eve@example.com' })
    const wrong = await auth.post('/login', { email: 'eve@example.com', password: 'wrong password' })
    const unknown = await auth.post('/login', { email: 'nobody@example.com', password: 'wrong password' })
    const noAddress = await auth.post('/login', { email: 'nobody', password: 'wrong password' })
    for (const answer of [wrong, unknown, noAddress]) {
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer'])
      expect(withoutRequestId(answer.json())).toEqual(withoutRequestId(wrong.json()))
    }
  })

  test('takes as long for a wrong password as for an unknown address', async () => {
    const on = await auth.another({ bcryptCost: 10 })
    await auth.post('/register', { ...ada, email: 'eva@example.com' }, '', on)
    const refusedInMs = async (email: string) => {
      const started = performance.now()
      expect((await auth.post('/login', { email, password: 'wrong password' }, '', on)).statusCode).toBe(401)
      return performance.now() - started
    }
    await eventually(async () => {
      const [wrong, unknown]: [number[], number[]] = [[], []]
      for (let i = 0; i < 25; i++) {
        wrong.push(await refusedInMs('eva@example.com'))
        unknown.push(await refusedInMs('nobody@example.com'))
      }
      const ratio = medianOf(wrong) / medianOf(unknown)
      expect(ratio).toBeGreaterThan(0.8)
      expect(ratio).toBeLessThan(1.25)
    })
  })

  test('tells passwords apart that are equal in their first 72 bytes', async () => {
    const long = 'long and '.repeat(9)
    await auth.post('/register', { ...ada, email: 'fay@example.com', password: `${long}ends so` })
    const other = await auth.post('/login', { email: 'fay@example.com', password: `${long}ends otherwise` })
    const same = await auth.post('/login', { email: 'fay@example.com', password: `${long}ends so` })
    expect([other.statusCode, same.statusCode]).toEqual([401, 200])
  })

  test('refuses a password with a NUL, which other programs would cut there', async () => {
    const registered = await auth.post('/register', {
      ...ada,
      email: 'nul@example.com',
      password: 'up to here\u0000one',
    })
    expect(registered.statusCode).toBe(400)
  })

  test('takes 64 emoji, every one of them significant', async () => {
    const emoji = '🔑'.repeat(63)
    await auth.post('/register', { ...ada, email: 'gus@example.com', password: `${emoji}🚪` })
    const other = await auth.post('/login', { email: 'gus@example.com', password: `${emoji}🔑` })
    const same = await auth.post('/login', { email: 'gus@example.com', password: `${emoji}🚪` })
    expect([other.statusCode, same.statusCode]).toEqual([401, 200])
  })

  test('needs the pepper', async () => {
    await auth.post('/register', { ...ada, email: 'hal@example.com' })
    const unpeppered = await auth.another({ passwordPepper: 'salt' })
    const answer = await auth.post('/login', { email: 'hal@example.com', password: ada.password }, '', unpeppered)
    expect(answer.statusCode).toBe(401)
  })

  test('hashes again when hashing has become dearer', async () => {
    await auth.post('/register', { ...ada, email: 'ida@example.com' })
    const dearer = await auth.another({ bcryptCost: 5 })
    const rounds = async () => {
      const find = statement<{ hash: string }>('hash', 'SELECT password_hash AS hash FROM users WHERE email = $1')
      return (await auth.runtime.database.query(find, ['ida@example.com']))[0]?.hash.slice(0, 7)
    }
    expect(await rounds()).toBe('$2b$04$')
    await auth.post('/login', { email: 'ida@example.com', password: 'wrong password' }, '', dearer)
    expect(await rounds()).toBe('$2b$04$')
    await auth.post('/login', { email: 'ida@example.com', password: ada.password }, '', dearer)
    expect(await rounds()).toBe('$2b$05$')
    expect((await auth.post('/login', { email: 'ida@example.com', password: ada.password })).statusCode).toBe(200)
  })

  test('refuses at once what would wait too long, and nothing it has begun', async () => {
    const slow = await auth.another({ bcryptCost: 8 })
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => auth.post('/login', { email: 'no@example.com', password: 'flood' }, '', slow)),
    )
    const busy = answers.filter(({ statusCode }) => statusCode === 503)
    expect(busy.length).toBeGreaterThan(0)
    expect(answers.filter(({ statusCode }) => statusCode === 401).length).toBeGreaterThanOrEqual(52)
    expect(busy[0]?.json().type).toBe('/problems/busy')
    expect(busy[0]?.headers['retry-after']).toBe('1')
  })
})

test('no answer holds a password hash', async () => {
  await auth.post('/register', { ...ada, email: 'jon@example.com' })
  const login = await auth.post('/login', { email: 'jon@example.com', password: ada.password })
  const me = await auth.get('/me', `Bearer ${login.json().accessToken}`)
  expect(me.json()).toEqual({
    id: expect.any(String),
    email: 'jon@example.com',
    name: 'Ada',
    role: 'customer',
    smsNumber: null,
    createdAt: expect.stringMatching(/Z$/),
  })
  const told = JSON.stringify(await auth.told('user.registered'))
  for (const text of [login.body, me.body, told]) expect(text).not.toMatch(/\$2b\$|password/i)
})

test('a token of somebody unknown finds no account', async () => {
  const tokens = await testTokens()
  const reader = await auth.another({ jwksUrl: tokens.jwksUrl })
  const answer = await reader.app.inject({ url: '/me', headers: { authorization: tokens.bearer(newId()) } })
  await tokens.close()
  expect(answer.statusCode).toBe(404)
})

describe('the administrator', () => {
  test('is there from the first start, told once, however many instances start', async () => {
    const instances = await Promise.all([auth.another(), auth.another(), auth.another()])
    await Promise.all(instances.map(({ app }) => app.ready()))
    const me = await auth.get('/me', await auth.logIn(administrator))
    expect(me.json().role).toBe('admin')
    const told = (await auth.told('user.registered')).filter(({ data }) => data.email === administrator.email)
    expect(told).toHaveLength(1)
  })

  test('stays who it is when the settings name another one later', async () => {
    const later = await auth.another({ adminEmail: 'boss@shop.example', adminPassword: 'another password' })
    await later.app.ready()
    const answer = await auth.post('/login', { email: 'boss@shop.example', password: 'another password' })
    expect(answer.statusCode).toBe(401)
  })
})

describe('announce', () => {
  test("tells every user's snapshot with its version unchanged, page by page", async () => {
    const many = statement(
      'many',
      `INSERT INTO users (id, email, name, password_hash, role, version)
       SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, i || '@many.example', 'N', '-', 'customer', 3
       FROM generate_series(1, 1203) i`,
    )
    await auth.runtime.database.execute(many)
    const registered = (await auth.told('user.registered')).length
    const answer = await auth.post('/announce', {}, await auth.logIn(administrator))
    expect([answer.statusCode, answer.json()]).toEqual([202, { announced: registered + 1203 }])
    const told = await auth.told('user.updated')
    expect(new Set(told.map(({ data }) => data.userId)).size).toBe(registered + 1203)
    expect(told.filter(({ data }) => data.version === 3)).toHaveLength(1203)
    expect(new Set(told.map(({ correlationid }) => correlationid)).size).toBe(1)
  })

  test('is for administrators', async () => {
    await auth.post('/register', { ...ada, email: 'kim@example.com' })
    const customer = await auth.logIn({ email: 'kim@example.com', password: ada.password })
    expect((await auth.post('/announce', {}, customer)).statusCode).toBe(403)
    expect((await auth.post('/announce')).statusCode).toBe(401)
  })
})
