import { Runtime } from '@order-saga/common'
import { Audits } from './audits'
import { BrokerView } from './broker-view'
import { type LoggerConfig, peerUrls } from './config'
import { hearLogs } from './hear-logs'
import { auditRoutes } from './http/audit-routes'
import { choreographyRoutes } from './http/choreography-routes'
import { consolePage } from './http/console-page'
import { consoleRoutes } from './http/console-routes'
import { deadLettersRoutes } from './http/dead-letter-routes'
import { routes } from './http/routes'
import { sessionRoutes } from './http/session-routes'
import { Peers } from './peers/peers'
import { ServiceLetters } from './peers/service-letters'
import { journalSaga } from './saga'
import { Sessions } from './sessions'
import { Follow } from './use-cases/follow'

export async function buildLoggerService(config: LoggerConfig): Promise<Runtime> {
  const runtime = await Runtime.create({
    service: 'logger-service',
    about: 'Writes down every event, and tells what happened to an order. It only listens.',
    config,
  })
  const { app, database } = runtime
  const peers = new Peers(peerUrls(config))
  const follow = new Follow(database)
  routes(app, { database, broker: new BrokerView(config), follow })
  sessionRoutes(app, new Sessions(peers, runtime.redis, config.redisPrefix))
  deadLettersRoutes(app, new ServiceLetters(peers))
  choreographyRoutes(app, database)
  const audits = new Audits(peers, database)
  auditRoutes(app, audits)
  runtime.every(1_000, 'audits', () => audits.look())
  consoleRoutes(app, config)
  consolePage(app)
  // before the server ends: it waits for its answers
  app.addHook('preClose', async () => follow.close())
  runtime.react(journalSaga, { gatherMs: 200 })
  hearLogs(runtime, config)
  return runtime
}
