import { testConfig } from '@order-saga/common/testing'
import type { LoggerConfig } from '../src/config'

const NOWHERE = 'http://127.0.0.1:1'

/** With every other service away. */
export const loggerConfig = (databaseUrl: string, amqpUrl = 'amqp://127.0.0.1:1'): LoggerConfig => ({
  ...testConfig(databaseUrl, amqpUrl),
  productUrl: NOWHERE,
  cartUrl: NOWHERE,
  orderUrl: NOWHERE,
  authUrl: NOWHERE,
  loggerUrl: NOWHERE,
  paymentUrl: NOWHERE,
  mailerUrl: NOWHERE,
  auditorUrl: NOWHERE,
})
