import { type Participant, reactionsOf } from '@order-saga/common'
import { settingNames } from './config'
import { Orders1763700000000 } from './db/migrations/0001-orders'
import { steps } from './saga'

export const participant: Participant = {
  service: 'order-service',
  ...reactionsOf(steps),
  migrations: [Orders1763700000000],
  settings: settingNames,
}
