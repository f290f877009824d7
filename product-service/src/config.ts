import { type ConfigOf, type Env, readConfig } from '@order-saga/common'

export const settingNames = ['currency', 'graceMs', 'sweepMs'] as const

export type ProductConfig = ConfigOf<(typeof settingNames)[number]>

export const readProductConfig = (env: Env): ProductConfig =>
  readConfig('product-service', settingNames, env, [
    ({ graceMs, sweepMs }) => graceMs < sweepMs && 'SHOP_GRACE_MS must be at least SHOP_SWEEP_MS',
  ])
