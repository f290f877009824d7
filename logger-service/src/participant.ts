import type { Participant } from '@order-saga/common'
import { loggerSettings } from './config'
import { Journal1763700000000 } from './db/migrations/0001-journal'
import { journalSaga } from './saga'

export const participant: Participant = {
  service: 'logger-service',
  reacts: journalSaga.steps.map(({ contract }) => contract.type),
  hearsEverything: true,
  settings: loggerSettings,
  migrations: [Journal1763700000000],
}
