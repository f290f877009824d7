import { type BasicConfig, Runtime } from '@order-saga/common'
import { journalEntity } from './db/journal-entity'
import { routes } from './http/routes'
import { journalSaga } from './saga'

export async function buildLoggerService(config: BasicConfig): Promise<Runtime> {
  const runtime = await Runtime.create({
    service: 'logger-service',
    about: 'Writes down every event, and tells what happened to an order. It only listens.',
    config,
    entities: [journalEntity],
  })
  routes(runtime.app, runtime.database)
  runtime.react(journalSaga, { gatherMs: 100 })
  return runtime
}
