import { type ConfigOf, type Env, readConfig } from '@order-saga/common'

export type CartConfig = ConfigOf<'currency'>

export const readCartConfig = (env: Env): CartConfig => readConfig('cart-service', ['currency'], env)
