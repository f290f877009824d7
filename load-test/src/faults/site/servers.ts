import { join } from 'node:path'
import { databaseOf, Management, type ServiceName, segment, serviceNames } from '@order-saga/common'
import {
  type Addresses,
  addresses,
  answers,
  development,
  down,
  type Instance,
  type RabbitMqCluster,
  rabbitMqCtl,
  runningPid,
  signal,
  startPostgres,
  startRedis,
  stopPostgres,
  stopRedis,
  up,
} from '@order-saga/scripts/infra'
import { replay } from '@order-saga/scripts/replay/replay'
import { prepareBroker, prepareDatabases } from '@order-saga/scripts/shop/prepare'
import { type Broker, clusteredBroker, loneBroker } from './broker'

const KILLED = { signal: 'SIGKILL' as const }

/** Where the servers of a run are. */
export interface ServersPlace {
  readonly instance: Instance
  readonly cluster?: RabbitMqCluster
}

/** PostgreSQL, RabbitMQ, Redis, provider and mail server of this run alone. Nobody else's are ever touched. */
export class Servers {
  readonly where: Addresses

  private constructor(
    private readonly instance: Instance,
    private readonly broker: Broker,
  ) {
    // none of the caller's own addresses: those name servers that are not ours to break
    this.where = addresses(broker.env, instance.ports)
  }

  /** Starts them, with databases and topology; with a cluster that is the broker, and `instance` its base. */
  static async up(place: ServersPlace, report: (line: string) => void): Promise<Servers> {
    const { instance, cluster } = place
    await up(report, instance, { hasBroker: cluster === undefined })
    const servers = new Servers(instance, cluster ? await clusteredBroker(cluster) : loneBroker(instance))
    if (cluster) report(`✓ a cluster of ${cluster.nodes.length} RabbitMQ nodes`)
    await prepareDatabases(servers.where)
    await servers.prepareBroker()
    return servers
  }

  get management(): Management {
    return new Management(this.where.amqpAdminUrl)
  }

  async down(options: { volumes: boolean }): Promise<void> {
    await this.broker.down()
    await down(options, this.instance)
  }

  /** What `npm run topology` does. */
  prepareBroker(): Promise<void> {
    return prepareBroker(this.where)
  }

  /** What `npm run replay` does: what was told since then is told again, with the same ids. */
  async replay(since: Date): Promise<void> {
    const outboxes = serviceNames.map((service) => ({ service, url: this.databaseUrl(service) }))
    await replay(outboxes, { since, until: new Date() })
  }

  /** As the administrator. */
  databaseUrl(service: ServiceName): string {
    const url = new URL(this.where.postgresAdminUrl)
    url.pathname = `/${databaseOf(service)}`
    return url.href
  }

  /** Of a cluster the leading node alone. Answers how it is started again. */
  async killBroker(): Promise<() => Promise<void>> {
    const node = await this.broker.target()
    await this.broker.kill(node)
    return () => this.broker.start(node)
  }

  /** Its processes stop where they are; of a cluster those of the leading node alone. Answers how they go on. */
  async freezeBroker(): Promise<() => void> {
    const { dataDir } = await this.broker.target()
    const pid = runningPid(join(dataDir, 'rabbitmq.pid'))
    const tell = (name: NodeJS.Signals) => pid !== undefined && signal(-pid, name)
    tell('SIGSTOP')
    return () => tell('SIGCONT')
  }

  /** Says the first to the broker, and answers how the second is said to the same node. */
  async brokerCtl(on: readonly string[], off: readonly string[]): Promise<() => Promise<void>> {
    const node = await this.broker.target()
    await rabbitMqCtl(node, ...on)
    return async () => void (await rabbitMqCtl(node, ...off))
  }

  async killPostgres(): Promise<void> {
    await stopPostgres(this.instance, KILLED)
  }

  async startPostgres(): Promise<void> {
    await startPostgres(this.instance)
  }

  async killRedis(): Promise<void> {
    await stopRedis(this.instance, KILLED)
  }

  async startRedis(): Promise<void> {
    await startRedis(this.instance)
  }

  flushRedis(): Promise<boolean> {
    const say = `AUTH ${development.redis.password}\r\nFLUSHALL\r\n`
    return answers({ port: this.instance.ports.redis, say, expect: '+OK\r\n+OK' })
  }

  /** Closes every connection to the broker. Answers how many. */
  async closeConnections(): Promise<number> {
    const connections = await this.management.get<{ name: string }[]>('/connections')
    await Promise.all(connections.map(({ name }) => this.management.delete(`/connections/${segment(name)}`)))
    return connections.length
  }

  async provider(fault: { mode?: string; forgetKeys?: boolean }): Promise<void> {
    await tell(`${this.where.providerUrl}/faults`, fault)
  }

  async mail(fault: { mode: string; count?: number }): Promise<void> {
    await tell(`${this.where.mailApiUrl}/faults`, fault)
  }

  /** What the provider wrote down about every movement of money. */
  get ledgerFile(): string {
    return join(this.instance.dataDir, 'provider/ledger.ndjson')
  }

  /** A line for every mail that arrived. */
  get mailFile(): string {
    return join(this.instance.dataDir, 'mail/received.ndjson')
  }

  get postgresLog(): string {
    return join(this.instance.dataDir, 'postgres.log')
  }
}

async function tell(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
}
