import { ConfigError } from '@order-saga/common'
import { readAuthConfig } from '../src'

const env = { SHOP_DATABASE_URL: 'postgres://a@127.0.0.1/d', SHOP_AMQP_URL: 'amqp://a@127.0.0.1/v' }
const production = {
  ...env,
  NODE_ENV: 'production',
  SHOP_REDIS_URL: 'redis://:s3cret@127.0.0.1',
  SHOP_PASSWORD_PEPPER: 'from a vault',
  SHOP_KEY_PASSPHRASE: 'from another vault',
  SHOP_ADMIN_EMAIL: 'boss@shop.example',
  SHOP_ADMIN_PASSWORD: 'a long and quiet evening',
}
const problemsOf = (settings: Record<string, string>) => {
  try {
    readAuthConfig(settings)
    return []
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [String(error)]
  }
}

test('development needs no secrets', () => {
  expect(readAuthConfig(env)).toMatchObject({ port: 8084, bcryptCost: 10, tokenTtlS: 900 })
})

test('logins are limited unless settings say otherwise', () => {
  expect(readAuthConfig(env)).toMatchObject({
    loginFailuresPerAccount: 5,
    loginWindowS: 900,
    loginFailuresPerAddress: 20,
    registrationsPerAddress: 100,
    writeLimit: 100,
    readLimit: 3_000,
  })
})

test('production needs every secret, and a good administrator', () => {
  expect(problemsOf(production)).toEqual([])
  expect(problemsOf({ ...env, NODE_ENV: 'production' })).toHaveLength(5)
  expect(problemsOf({ ...production, SHOP_ADMIN_PASSWORD: 'password1' })).toEqual(['SHOP_ADMIN_PASSWORD is too weak'])
})

test.each([
  ['SHOP_TOKEN_TTL_S', '901'],
  ['SHOP_TOKEN_TTL_S', '0'],
  ['SHOP_BCRYPT_COST', '9'],
  ['SHOP_BCRYPT_COST', '16'],
  ['SHOP_ADMIN_EMAIL', 'nobody'],
  ['SHOP_LOGIN_FAILURES_PER_ACCOUNT', '0'],
  ['SHOP_LOGIN_FAILURES_PER_ACCOUNT', '-1'],
  ['SHOP_LOGIN_FAILURES_PER_ADDRESS', '-1'],
  ['SHOP_LOGIN_WINDOW_S', '0'],
  ['SHOP_LOGIN_WINDOW_S', '86401'],
  ['SHOP_REGISTRATIONS_PER_ADDRESS', '-1'],
])('%s=%s is refused by name', (name, value) => {
  expect(problemsOf({ ...env, [name]: value })).toEqual([expect.stringContaining(name)])
})
