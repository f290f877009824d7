import { type ServiceName, urlSettings } from '@order-saga/common'
import { testConfig } from '@order-saga/common/testing'
import type { LoggerConfig } from '../src/config'

const NOWHERE = 'http://127.0.0.1:1'
const nowhere = Object.fromEntries(Object.values(urlSettings).map((name) => [name, NOWHERE])) as Record<
  (typeof urlSettings)[ServiceName],
  string
>

/** With every other service away. */
export const loggerConfig = (databaseUrl: string, amqpUrl = 'amqp://127.0.0.1:1'): LoggerConfig => ({
  ...testConfig(databaseUrl, amqpUrl),
  ...nowhere,
  auditorUrl: NOWHERE,
  traceUrl: '',
  currency: 'EUR',
  managementUrl: '',
})
