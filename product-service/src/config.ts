import { type ConfigOf, type Env, readConfig } from '@order-saga/common'

const names = ['currency', 'graceMs', 'sweepMs'] as const

export type ProductConfig = ConfigOf<(typeof names)[number]>

export const readProductConfig = (env: Env): ProductConfig =>
  readConfig('product-service', names, env, [
    ({ graceMs, sweepMs }) => graceMs < sweepMs && 'SHOP_GRACE_MS must be at least SHOP_SWEEP_MS',
  ])
