import { type ConfigOf, type Env, type Rule, readConfig } from '@order-saga/common'

export const settingNames = [
  'providerUrl',
  'providerTimeoutMs',
  'stripeKey',
  'stripeUrl',
  'webhookSecret',
  'sweepMs',
  'graceMs',
  'orderDeadlineMs',
] as const

type Name = (typeof settingNames)[number]

export type PaymentConfig = ConfigOf<Name>

const rules: Rule<Name>[] = [
  ({ orderDeadlineMs, providerTimeoutMs }) =>
    orderDeadlineMs < 3 * providerTimeoutMs &&
    'SHOP_ORDER_DEADLINE_MS must be at least three times SHOP_PROVIDER_TIMEOUT_MS',
  ({ graceMs, sweepMs }) => graceMs < sweepMs && 'SHOP_GRACE_MS must be at least SHOP_SWEEP_MS',
]

export const readPaymentConfig = (env: Env): PaymentConfig => readConfig('payment-service', settingNames, env, rules)
