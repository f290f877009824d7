import { type ConfigOf, type Env, readConfig } from '@order-saga/common'

export const settingNames = ['currency', 'cartIdleDays'] as const

export type CartConfig = ConfigOf<(typeof settingNames)[number]>

export const readCartConfig = (env: Env): CartConfig => readConfig('cart-service', settingNames, env)
