import { type Participant, reactionsOf } from '@order-saga/common'
import { settingNames } from './config'
import { Catalogue1763700000000 } from './db/migrations/0001-catalogue'
import { MovementAuthors1763780000000 } from './db/migrations/0002-movement-authors'
import { CatalogueSorts1763796000000 } from './db/migrations/0003-catalogue-sorts'
import { steps } from './saga'

export const participant: Participant = {
  service: 'product-service',
  ...reactionsOf(steps),
  migrations: [Catalogue1763700000000, MovementAuthors1763780000000, CatalogueSorts1763796000000],
  settings: settingNames,
}
