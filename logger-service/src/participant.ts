import type { RunnableParticipant } from '@order-saga/common'
import { loggerSettings, readLoggerConfig } from './config'
import { Journal1763700000000 } from './db/migrations/0001-journal'
import { Journeys1763850000000 } from './db/migrations/0002-journeys'
import { LogLines1763860000000 } from './db/migrations/0003-log-lines'
import { Audits1763870000000 } from './db/migrations/0004-audits'
import { journalSaga } from './saga'
import { buildLoggerService } from './service'

export const participant: RunnableParticipant = {
  service: 'logger-service',
  reacts: journalSaga.steps.map(({ contract }) => contract.type),
  hearsEverything: true,
  settings: loggerSettings,
  migrations: [Journal1763700000000, Journeys1763850000000, LogLines1763860000000, Audits1763870000000],
  entryPaths: [
    '/',
    '/audits',
    '/choreography',
    '/console',
    '/dead-letter-actions',
    '/dead-letters',
    '/events',
    '/health',
    '/journeys',
    '/logs',
    '/session',
    '/statistics',
  ],
  readConfig: readLoggerConfig,
  build: (env) => buildLoggerService(readLoggerConfig(env)),
}
