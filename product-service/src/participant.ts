import { type RunnableParticipant, reactionsOf } from '@order-saga/common'
import { readProductConfig, settingNames } from './config'
import { Catalogue1763700000000 } from './db/migrations/0001-catalogue'
import { MovementAuthors1763780000000 } from './db/migrations/0002-movement-authors'
import { CatalogueSorts1763796000000 } from './db/migrations/0003-catalogue-sorts'
import { steps } from './saga'
import { buildProductService } from './service'

export const participant: RunnableParticipant = {
  service: 'product-service',
  ...reactionsOf(steps),
  migrations: [Catalogue1763700000000, MovementAuthors1763780000000, CatalogueSorts1763796000000],
  settings: settingNames,
  entryPaths: ['/products', '/categories', '/inventory', '/low-stock', '/reservations', '/imports'],
  readConfig: readProductConfig,
  build: (env, bus) => buildProductService(readProductConfig(env), bus),
}
