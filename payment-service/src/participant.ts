import { type RunnableParticipant, reactionsOf } from '@order-saga/common'
import { readPaymentConfig, settingNames } from './config'
import { Payments1763700000000 } from './db/migrations/0001-payments'
import { Webhooks1763760000000 } from './db/migrations/0002-webhooks'
import { steps } from './saga'
import { buildPaymentService } from './service'

export const participant: RunnableParticipant = {
  service: 'payment-service',
  ...reactionsOf(steps),
  migrations: [Payments1763700000000, Webhooks1763760000000],
  settings: settingNames,
  entryPaths: ['/payments', '/admin/payments', '/webhooks'],
  readConfig: readPaymentConfig,
  build: (env, bus) => buildPaymentService(readPaymentConfig(env), bus ? { bus } : {}),
}
