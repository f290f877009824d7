import { ConfigError } from '@order-saga/common'
import { readPaymentConfig } from '../src/config'

const env = { SHOP_DATABASE_URL: 'postgres://u:p@h/d', SHOP_AMQP_URL: 'amqp://u:p@h/v' }

test('the defaults keep the rules', () => {
  expect(readPaymentConfig(env)).toMatchObject({ port: 8086, providerTimeoutMs: 10_000, graceMs: 30_000 })
})

test.each([
  ['a deadline that leaves no time for three calls', { SHOP_ORDER_DEADLINE_MS: '29999' }, /SHOP_ORDER_DEADLINE_MS/],
  ['a grace shorter than a sweep', { SHOP_GRACE_MS: '500', SHOP_SWEEP_MS: '1000' }, /SHOP_GRACE_MS/],
  ['a provider that is no web address', { SHOP_PROVIDER_URL: 'ftp://provider' }, /SHOP_PROVIDER_URL/],
])('%s is refused at start', (_what, settings, message) => {
  expect(() => readPaymentConfig({ ...env, ...settings })).toThrow(ConfigError)
  expect(() => readPaymentConfig({ ...env, ...settings })).toThrow(message)
})

test('Stripe is not the provider unless it has a key', () => {
  expect(readPaymentConfig(env)).toMatchObject({ stripeKey: '', stripeUrl: 'https://api.stripe.com' })
})

test.each([undefined, 'development-only-webhooks'])('production refuses %s as the secret of webhooks', (secret) => {
  const production = {
    NODE_ENV: 'production',
    SHOP_DATABASE_URL: 'postgres://u:p@127.0.0.1/d',
    SHOP_AMQP_URL: 'amqp://u:p@127.0.0.1/v',
    SHOP_REDIS_URL: 'redis://u:p@127.0.0.1/0',
  }
  expect(() => readPaymentConfig({ ...production, SHOP_WEBHOOK_SECRET: secret })).toThrow(/SHOP_WEBHOOK_SECRET/)
  expect(() => readPaymentConfig({ ...production, SHOP_WEBHOOK_SECRET: 'from a vault' })).not.toThrow()
})
