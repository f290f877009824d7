import { type RunnableParticipant, reactionsOf } from '@order-saga/common'
import { readCartConfig, settingNames } from './config'
import { Carts1763700000000 } from './db/migrations/0001-carts'
import { IdleAndGuestCarts1763797000000 } from './db/migrations/0002-idle-and-guest-carts'
import { StockVersions1763880000000 } from './db/migrations/0003-stock-versions'
import { saga } from './saga'
import { buildCartService } from './service'

export const participant: RunnableParticipant = {
  service: 'cart-service',
  ...reactionsOf(saga.steps),
  migrations: [Carts1763700000000, IdleAndGuestCarts1763797000000, StockVersions1763880000000],
  settings: settingNames,
  entryPaths: ['/cart', '/guest-cart', '/guest-carts'],
  readConfig: readCartConfig,
  build: (env) => buildCartService(readCartConfig(env)),
}
