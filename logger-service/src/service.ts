import { Runtime } from '@order-saga/common'
import { Audits } from './audits'
import { BrokerView } from './broker-view'
import { type LoggerConfig, peerUrls } from './config'
import { ShopHealth } from './health'
import { hearLogs } from './hear-logs'
import { auditRoutes } from './http/audit-routes'
import { choreographyRoutes } from './http/choreography-routes'
import { consolePage } from './http/console-page'
import { consoleRoutes } from './http/console-routes'
import { deadLettersRoutes } from './http/dead-letter-routes'
import { shopHealthRoutes } from './http/health-routes'
import { routes } from './http/routes'
import { sessionRoutes } from './http/session-routes'
import { Peers } from './peers/peers'
import { ServiceLetters } from './peers/service-letters'
import { journalSaga } from './saga'
import { Sessions } from './sessions'
import { LOOK_EVERY_MS, TopologyWatch } from './topology-watch'
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
  const broker = new BrokerView(config)
  routes(app, { database, broker, follow })
  sessionRoutes(app, new Sessions(peers, runtime.redis, config.redisPrefix))
  const letters = new ServiceLetters(peers)
  deadLettersRoutes(app, letters)
  const topology = new TopologyWatch({ ...config, log: runtime.log, metrics: runtime.metrics })
  shopHealthRoutes(app, new ShopHealth({ peers, letters, broker, topology }))
  if (config.managementUrl !== '') runtime.every(LOOK_EVERY_MS, 'topology', () => topology.look())
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
