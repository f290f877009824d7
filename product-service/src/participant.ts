import { type Participant, reactionsOf } from '@order-saga/common'
import { settingNames } from './config'
import { Catalogue1763700000000 } from './db/migrations/0001-catalogue'
import { MovementAuthors1763780000000 } from './db/migrations/0002-movement-authors'
import { steps } from './saga'

export const participant: Participant = {
  service: 'product-service',
  ...reactionsOf(steps),
  migrations: [Catalogue1763700000000, MovementAuthors1763780000000],
  settings: settingNames,
}
