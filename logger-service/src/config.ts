import { type BasicConfig, type Env, readConfig } from '@order-saga/common'

export const readLoggerConfig = (env: Env): BasicConfig => readConfig('logger-service', [], env)
