import { participant, readProductConfig, seedProducts } from '../src'

const env = {
  SHOP_DATABASE_URL: 'postgres://a:b@localhost/c',
  SHOP_AMQP_URL: 'amqp://a:b@localhost',
  SHOP_REDIS_URL: 'redis://localhost',
}

test('grace shorter than a sweep, and a currency that is none, are refused', () => {
  expect(readProductConfig(env)).toMatchObject({ port: 8081, currency: 'EUR' })
  expect(() => readProductConfig({ ...env, SHOP_GRACE_MS: '500', SHOP_SWEEP_MS: '501' })).toThrow(/SHOP_GRACE_MS/)
  expect(() => readProductConfig({ ...env, SHOP_CURRENCY: 'euro' })).toThrow(/SHOP_CURRENCY/)
})

test('reacts to what ends or begins an order, and to nothing else', () => {
  expect(participant.reacts).toEqual(['order.created', 'order.paid', 'payment.failed', 'order.cancelled'])
})

test('every seeded product has its own id and SKU', () => {
  expect(new Set(seedProducts.map(({ id }) => id)).size).toBe(seedProducts.length)
  expect(new Set(seedProducts.map(({ sku }) => sku)).size).toBe(seedProducts.length)
})
