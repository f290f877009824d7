import { join } from 'node:path'
import { databaseOf, Management, type ServiceName, segment, serviceNames } from '@order-saga/common'
import {
  type Addresses,
  addresses,
  answers,
  development,
  down,
  type Instance,
  rabbitMqCtl,
  runningPid,
  signal,
  startPostgres,
  startRabbitMq,
  startRedis,
  stopPostgres,
  stopRabbitMq,
  stopRedis,
  up,
} from '@order-saga/scripts/infra'
import { replay } from '@order-saga/scripts/replay/replay'
import { prepareBroker, prepareDatabases } from '@order-saga/scripts/shop/prepare'

const KILLED = { signal: 'SIGKILL' as const }

/** PostgreSQL, RabbitMQ, Redis, provider and mail server of this run alone. Nobody else's are ever touched. */
export class Servers {
  readonly where: Addresses

  constructor(readonly instance: Instance) {
    // none of the caller's own addresses: those name servers that are not ours to break
    this.where = addresses({}, instance.ports)
  }

  get management(): Management {
    return new Management(this.where.amqpAdminUrl)
  }

  async up(report: (line: string) => void): Promise<void> {
    await up(report, this.instance)
    await prepareDatabases(this.where)
    await this.prepareBroker()
  }

  down(options: { volumes: boolean }): Promise<void> {
    return down(options, this.instance)
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

  async killBroker(): Promise<void> {
    await stopRabbitMq(this.instance, KILLED)
  }

  async startBroker(): Promise<void> {
    await startRabbitMq(this.instance)
  }

  /** Its processes stop where they are, and go on later. */
  freezeBroker(isFrozen: boolean): void {
    const pid = runningPid(join(this.instance.dataDir, 'rabbitmq.pid'))
    if (pid !== undefined) signal(-pid, isFrozen ? 'SIGSTOP' : 'SIGCONT')
  }

  async brokerCtl(...args: string[]): Promise<void> {
    await rabbitMqCtl(this.instance, ...args)
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
