import { ConfigError } from '@order-saga/common'
import { readOrderConfig } from '../src'

const env = {
  SHOP_DATABASE_URL: 'postgres://order_service_app@127.0.0.1/orders',
  SHOP_AMQP_URL: 'amqp://order-service@127.0.0.1/shop',
}

test('the defaults fit together', () => {
  expect(readOrderConfig(env)).toMatchObject({
    orderDeadlineMs: 120_000,
    openOrdersPerCustomer: 5,
    graceMs: 30_000,
    currency: 'EUR',
  })
})

test.each([
  [
    'a deadline shorter than three calls of the provider',
    { SHOP_ORDER_DEADLINE_MS: '29999' },
    'SHOP_ORDER_DEADLINE_MS',
  ],
  ['a grace shorter than one sweep', { SHOP_GRACE_MS: '999' }, 'SHOP_GRACE_MS'],
])('%s is refused', (_name, wrong, named) => {
  expect(() => readOrderConfig({ ...env, ...wrong })).toThrow(ConfigError)
  expect(() => readOrderConfig({ ...env, ...wrong })).toThrow(named)
})
