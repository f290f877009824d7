import type { RunnableParticipant } from '@order-saga/common'
import { loggerSettings, readLoggerConfig } from './config'
import { Journal1763700000000 } from './db/migrations/0001-journal'
import { journalSaga } from './saga'
import { buildLoggerService } from './service'

export const participant: RunnableParticipant = {
  service: 'logger-service',
  reacts: journalSaga.steps.map(({ contract }) => contract.type),
  hearsEverything: true,
  settings: loggerSettings,
  migrations: [Journal1763700000000],
  readConfig: readLoggerConfig,
  build: (env) => buildLoggerService(readLoggerConfig(env)),
}
