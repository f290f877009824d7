import { type Participant, reactionsOf } from '@order-saga/common'
import { settingNames } from './config'
import { Payments1763700000000 } from './db/migrations/0001-payments'
import { Webhooks1763760000000 } from './db/migrations/0002-webhooks'
import { steps } from './saga'

export const participant: Participant = {
  service: 'payment-service',
  ...reactionsOf(steps),
  migrations: [Payments1763700000000, Webhooks1763760000000],
  settings: settingNames,
}
