import { type RunnableParticipant, reactionsOf } from '@order-saga/common'
import { readOrderConfig, settingNames } from './config'
import { Orders1763700000000 } from './db/migrations/0001-orders'
import { steps } from './saga'
import { buildOrderService } from './service'

export const participant: RunnableParticipant = {
  service: 'order-service',
  ...reactionsOf(steps),
  migrations: [Orders1763700000000],
  settings: settingNames,
  entryPaths: ['/orders', '/admin/orders'],
  readConfig: readOrderConfig,
  build: (env, bus) => buildOrderService(readOrderConfig(env), bus),
}
