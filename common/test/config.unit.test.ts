import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, type Env, readConfig } from '@order-saga/common'
import { splitUrls } from '../src/config/split-urls'

const env = {
  SHOP_DATABASE_URL: 'postgres://order_service_app:s3cret@127.0.0.1/order_service',
  SHOP_AMQP_URL: 'amqp://order-service:s3cret@127.0.0.1/shop',
  SHOP_REDIS_URL: 'redis://:s3cret@127.0.0.1/0',
}
const read = (overrides: Env = {}) =>
  readConfig('order-service', ['currency', 'passwordPepper', 'smtpUrl', 'cartUrl', 'providerUrl'], {
    ...env,
    ...overrides,
  })

function problemsOf(overrides: Env): readonly string[] {
  try {
    read(overrides)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

it('has a default for everything but the servers', () => {
  expect(read()).toMatchObject({ port: 8083, nodeEnv: 'development', currency: 'EUR', sweepAfterMs: 5_000 })
  expect(problemsOf({ SHOP_DATABASE_URL: undefined, SHOP_AMQP_URL: undefined })).toEqual([
    'SHOP_DATABASE_URL is required',
    'SHOP_AMQP_URL is required',
  ])
})

it('trusts no proxy but those it is told of', () => {
  expect(read().trustedProxies).toEqual([])
  const proxies = '10.0.0.1, 172.16.0.0/12,2001:db8::/64'
  expect(read({ SHOP_TRUSTED_PROXIES: proxies }).trustedProxies).toEqual(['10.0.0.1', '172.16.0.0/12', '2001:db8::/64'])
})

it('lets no page of another origin in but those it is told of', () => {
  expect(read().allowedOrigins).toEqual([])
  const pages = 'https://shop.example, http://localhost:5173'
  expect(read({ SHOP_ALLOWED_ORIGINS: pages }).allowedOrigins).toEqual([
    'https://shop.example',
    'http://localhost:5173',
  ])
})

it('names every wrong setting at once, and never a value', () => {
  const wrong = { PORT: '80a', SHOP_AMQP_URL: 'http://s3cret', SHOP_HOST: ' ', SHOP_PORT: '1', LOG_LEVEL: 'loud' }
  const problems = problemsOf(wrong)
  expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual(Object.keys(wrong).sort())
  expect(problems.join()).not.toMatch(/80a|s3cret|loud/)
})

it.each<[string, Env, string]>([
  ['a misspelt name', { SHOP_CURENCY: 'EUR' }, 'SHOP_CURENCY is not a setting of this project'],
  [
    'a file for what is no secret',
    { SHOP_CURRENCY_FILE: '/etc/c' },
    'SHOP_CURRENCY_FILE is not a setting of this project',
  ],
  ['an empty value', { SHOP_CURRENCY: '' }, 'SHOP_CURRENCY is empty'],
  ['only spaces', { SHOP_CURRENCY: '  ' }, 'SHOP_CURRENCY is empty'],
  ['a currency that is none', { SHOP_CURRENCY: 'euro' }, 'SHOP_CURRENCY must be the code of a currency (ISO 4217)'],
  ['a currency nobody has', { SHOP_CURRENCY: 'ZZZ' }, 'SHOP_CURRENCY must be the code of a currency (ISO 4217)'],
  ['a port that is none', { PORT: '65536' }, 'PORT must be a whole number from 0 to 65535'],
  ['a flag that is a word', { SHOP_ALLOW_UNSAFE_DB: 'yes' }, 'SHOP_ALLOW_UNSAFE_DB must be 1 or 0'],
  [
    'a heartbeat below what the broker itself takes',
    { SHOP_AMQP_HEARTBEAT_S: '4' },
    'SHOP_AMQP_HEARTBEAT_S must be a whole number from 5 to 60',
  ],
  ['a limit below nothing', { SHOP_WRITE_LIMIT: '-1' }, 'SHOP_WRITE_LIMIT must be a whole number from 1 to 1000000'],
  [
    'a limit that refuses everybody',
    { SHOP_WRITE_LIMIT: '0' },
    'SHOP_WRITE_LIMIT must be a whole number from 1 to 1000000',
  ],
  ...['true', '*', '0.0.0.0/0', '::/0', '10.0.0.1/33', '10.0.0.0/8/8', '10.0.0.1, proxy.example', '10.0.0.1,'].map(
    (proxies): [string, Env, string] => [
      `proxies that are ${proxies}`,
      { SHOP_TRUSTED_PROXIES: proxies },
      'SHOP_TRUSTED_PROXIES must be addresses or networks such as 10.0.0.0/8, comma separated',
    ],
  ),
  ...[
    '*',
    'null',
    'shop.example',
    'https://shop.example/',
    'https://*.example',
    'ftp://shop.example',
    'https://A.b,',
  ].map((pages): [string, Env, string] => [
    `pages of ${pages}`,
    { SHOP_ALLOWED_ORIGINS: pages },
    'SHOP_ALLOWED_ORIGINS must be origins such as https://shop.example, comma separated',
  ]),
  [
    'a missing file',
    { SHOP_PASSWORD_PEPPER_FILE: '/nowhere/s3cret' },
    'SHOP_PASSWORD_PEPPER names a file that cannot be read',
  ],
  [
    'a secret given twice',
    { SHOP_PASSWORD_PEPPER: 'x', SHOP_PASSWORD_PEPPER_FILE: '/dev/null' },
    'SHOP_PASSWORD_PEPPER is given twice, as SHOP_PASSWORD_PEPPER_FILE too',
  ],
  [
    'a list of brokers with one of another protocol',
    { SHOP_AMQP_URL: 'amqp://a:s3cret@h1/v,http://a:s3cret@h2/v' },
    'SHOP_AMQP_URL must be a URL with amqp: or amqps:, each of the list',
  ],
  [
    'brokers with different users',
    { SHOP_AMQP_URL: 'amqp://a:s3cret@h1/v,amqp://b:s3cret@h2/v' },
    'SHOP_AMQP_URL must name the same user and path in every URL of the list',
  ],
  [
    'brokers with different vhosts',
    { SHOP_AMQP_URL: 'amqp://a:s3cret@h1/v,amqp://a:s3cret@h2/w' },
    'SHOP_AMQP_URL must name the same user and path in every URL of the list',
  ],
  [
    'a list with a hole',
    { SHOP_AMQP_URL: 'amqp://a:s3cret@h1/v,,amqp://a:s3cret@h2/v' },
    'SHOP_AMQP_URL must name the same user and path in every URL of the list',
  ],
])('refuses %s', (_what, overrides, problem) => {
  expect(problemsOf(overrides)).toContain(problem)
  expect(problemsOf(overrides).join()).not.toContain('s3cret')
})

it.each([
  ['one after the other', 'amqp://a:s3cret@h1/v,amqp://a:s3cret@h2:5673/v'],
  ['with spaces and a comma at the end', 'amqp://a:s3cret@h1/v, amqps://a:s3cret@h2/v,'],
  ['with a comma in the password', 'amqp://a:s3,cret@h1/v,amqp://a:s3,cret@h2/v'],
])('takes the nodes of a cluster, %s', (_how, SHOP_AMQP_URL) => {
  expect(problemsOf({ SHOP_AMQP_URL })).toEqual([])
  expect(splitUrls(SHOP_AMQP_URL).map((one) => new URL(one).hostname)).toEqual(['h1', 'h2'])
})

it('reads a secret from a file, without its line end', () => {
  const directory = mkdtempSync(join(tmpdir(), 'secret-'))
  const file = join(directory, 'pepper')
  writeFileSync(file, 'from a vault\n')
  expect(read({ SHOP_PASSWORD_PEPPER_FILE: file }).passwordPepper).toBe('from a vault')
  rmSync(directory, { recursive: true })
})

describe('production', () => {
  const production = {
    NODE_ENV: 'production',
    SHOP_PASSWORD_PEPPER: 'from a vault',
    SHOP_REDIS_URL: 'redis://:s3cret@127.0.0.1',
  }

  it('starts with settings of its own', () => {
    expect(problemsOf(production)).toEqual([])
  })

  it.each<[string, Env]>([
    ['another machine over TLS', { SHOP_AMQP_URL: 'amqps://a:s3cret@broker.example/v' }],
    ['a database over TLS', { SHOP_DATABASE_URL: 'postgres://a:s3cret@db.example/d?sslmode=verify-full' }],
    ['a database behind a socket', { SHOP_DATABASE_URL: 'postgres://a:s3cret@db.example/d?host=/var/run/postgresql' }],
    ['a mail server that must turn to TLS', { SHOP_SMTP_URL: 'smtp://a:s3cret@mail.example?requireTLS=true' }],
    ['other services over TLS', { SHOP_JWKS_URL: 'https://auth.example/keys', SHOP_CART_URL: 'https://cart.example' }],
    ['a cache over TLS', { SHOP_REDIS_URL: 'rediss://product-service:s3cret@cache.example/0' }],
    ['this machine without TLS', { SHOP_AMQP_URL: 'amqp://a:s3cret@[::1]/v', SHOP_SMTP_URL: 'smtp://localhost:25' }],
  ])('takes %s', (_what, overrides) => {
    expect(problemsOf({ ...production, ...overrides })).toEqual([])
  })

  it.each<[string, Env]>([
    ['a missing secret', { SHOP_PASSWORD_PEPPER: undefined }],
    ['a development secret', { SHOP_PASSWORD_PEPPER: 'development-only-pepper' }],
    ['a development password in a URL', { SHOP_AMQP_URL: 'amqp://order-service:development-only-order-service@h/v' }],
    ['guest/guest at the second node', { SHOP_AMQP_URL: 'amqp://guest:s3cret@h1/v,amqp://guest:guest@h2/v' }],
    ['no vhost at any node', { SHOP_AMQP_URL: 'amqp://a:b@h1,amqp://a:b@h2' }],
    ['guest/guest', { SHOP_AMQP_URL: 'amqp://guest:guest@127.0.0.1/v' }],
    ['postgres/postgres', { SHOP_DATABASE_URL: 'postgres://postgres:postgres@127.0.0.1/d' }],
    ['a broker without a vhost', { SHOP_AMQP_URL: 'amqp://a:b@127.0.0.1' }],
    ['one broker user for all', { SHOP_SHARED_BROKER_USER: 'shop' }],
    ['a broker elsewhere without TLS', { SHOP_AMQP_URL: 'amqp://a:s3cret@broker.example/v' }],
    ['one node elsewhere without TLS', { SHOP_AMQP_URL: 'amqps://a:s3cret@h1/v,amqp://a:s3cret@h2/v' }],
    ['a database elsewhere without TLS', { SHOP_DATABASE_URL: 'postgres://a:s3cret@db.example/d' }],
    ['a database whose TLS is optional', { SHOP_DATABASE_URL: 'postgres://a:s3cret@db.example/d?sslmode=prefer' }],
    ['a database elsewhere by its query', { SHOP_DATABASE_URL: 'postgres://a:s3cret@localhost/d?host=db.example' }],
    ['a mail server elsewhere without TLS', { SHOP_SMTP_URL: 'smtp://a:s3cret@mail.example' }],
    ['a mail user without a password', { SHOP_SMTP_URL: 'smtps://a@mail.example' }],
    ['public keys from elsewhere without TLS', { SHOP_JWKS_URL: 'http://auth.example/.well-known/jwks.json' }],
    ['a payment provider elsewhere without TLS', { SHOP_PROVIDER_URL: 'http://provider.example' }],
    ['a cart-service elsewhere without TLS', { SHOP_CART_URL: 'http://10.0.0.7:8082' }],
    ['a cache elsewhere without TLS', { SHOP_REDIS_URL: 'redis://:s3cret@cache.example/0' }],
    ['a cache without a password', { SHOP_REDIS_URL: 'redis://127.0.0.1/0' }],
    ['a cache user without a password', { SHOP_REDIS_URL: 'rediss://product-service@cache.example/0' }],
    ['a name that only begins like this machine', { SHOP_SMTP_URL: 'smtp://127.0.0.1.example' }],
  ])('refuses %s', (_what, overrides) => {
    const problems = problemsOf({ ...production, ...overrides })
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${Object.keys(overrides)} .*production`))])
    expect(problems.join()).not.toMatch(/s3cret|guest|postgres:|development-only|example/)
  })

  it('names everything it refuses at once: single settings, what does not fit together, and what is missing', () => {
    const wrong = {
      SHOP_PASSWORD_PEPPER: undefined,
      SHOP_AMQP_URL: 'amqp://a:b@127.0.0.1',
      SHOP_JWKS_URL: 'http://auth.example/keys',
      SHOP_FAILPOINTS: 'relay.confirmed=kill@1',
      SHOP_SHARED_BROKER_USER: 'shop',
      SHOP_TYPO: '1',
    }
    const named = problemsOf({ ...production, ...wrong }).map((problem) => problem.split(' ')[0])
    expect(named.toSorted()).toEqual(Object.keys(wrong).toSorted())
  })
})

describe('a process', () => {
  const run = (script: string) =>
    spawnSync(process.execPath, ['-e', `const common = require('./dist');${script}`], {
      cwd: join(__dirname, '..'),
      encoding: 'utf8',
    })

  it('with wrong settings exits 78 and says which, before anything is opened', () => {
    const build = `common.readConfig('order-service', [], { SHOP_TYPO: '1' })`
    const { status, stderr, stdout } = run(`common.runService(async () => ${build})`)
    expect(status).toBe(78)
    expect(stderr).toContain('SHOP_TYPO is not a setting of this project')
    expect(stderr).toContain('SHOP_DATABASE_URL is required')
    expect(stderr).not.toContain(' at ')
    expect(stdout).toBe('')
  })

  it('cannot be polluted by a __proto__ that some library assigns', () => {
    const service = `{ start: async () => { try { ({})['__proto__'].polluted = 1 } finally { console.log({}.polluted) } } }`
    const { stdout } = run(`common.runService(async () => (${service}))`)
    expect(stdout).toBe('undefined\n')
  })

  it.each(['throw new Error("thrown")', 'Promise.reject(new Error("thrown"))'])(
    'exits 1 after %s, and does nothing any more',
    (fault) => {
      const work = `setInterval(() => console.log('works'), 5); setTimeout(() => process.exit(0), 20_000)`
      const service = `{ start: async () => { setTimeout(() => { console.log('fault'); ${fault} }, 20) } }`
      const { status, stderr, stdout } = run(`common.runService(async () => (${service})); ${work}`)
      expect(status).toBe(1)
      expect(stderr).toContain('thrown')
      expect(stdout).toMatch(/^(works\n)*fault\n$/)
    },
  )
})
