import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ServiceName, serviceNames } from '@order-saga/common'
import { clusterInstance, freePorts, separateInstance } from '@order-saga/scripts/infra'
import { Databases } from '@order-saga/scripts/shop/databases'
import { serviceEnv, urlsOf } from '@order-saga/scripts/shop/service-env'
import { NO_LIMITS } from '../../no-limits'
import type { Random } from '../../random'
import { TEST_CLOCKS } from './clocks'
import { Servers, type ServersPlace } from './servers'
import { type Exit, endLeftover, ServiceProcess } from './service-process'
import { Wires } from './wires'

export interface SiteOptions {
  /** Of the run: logs, and where the servers are. */
  readonly directory: string
  /** Of every service. */
  readonly instances: number
  /** Three brokers that are one instead of one alone. */
  readonly isClustered: boolean
  readonly random: Random
  readonly report: (line: string) => void
}

// a dead process stays away for up to 3 s
const MAX_RESTART_DELAY_MS = 3_000

/** The whole shop with everything around it, made to be broken. */
export class Site {
  readonly databases: Databases

  private constructor(
    readonly servers: Servers,
    readonly wires: Wires,
    readonly processes: readonly ServiceProcess[],
    readonly logDirectory: string,
    /** Every end of a service's process, wanted or not. */
    readonly exits: readonly Exit[],
  ) {
    this.databases = new Databases(servers.where.postgresAdminUrl)
  }

  static async open(options: SiteOptions): Promise<Site> {
    const logDirectory = join(options.directory, 'logs')
    mkdirSync(logDirectory, { recursive: true })
    const names = serviceNames.flatMap((service) => instanceNames(service, options.instances))
    for (const { service, name } of names) {
      endLeftover(logDirectory, name)
      endLeftover(logDirectory, `${service}-twin`)
    }
    const servers = await Servers.up(await placeOf(options), options.report)
    const wires = await Wires.open(servers.where)
    const ports = await freePorts(names.length)
    const portOf = (service: ServiceName) => ports[names.findIndex((one) => one.service === service)] ?? 0
    const exits: Exit[] = []
    const processes = names.map(
      ({ service, name }, n) =>
        new ServiceProcess({
          service,
          name,
          port: ports[n] ?? 0,
          env: environment(service, ports[n] ?? 0, { servers, wires, portOf }),
          logDirectory,
          restartDelayMs: () => options.random.below(MAX_RESTART_DELAY_MS),
          onExit: (exit) => exits.push(exit),
        }),
    )
    const site = new Site(servers, wires, processes, logDirectory, exits)
    await site.#start(options.report)
    return site
  }

  async #start(report: SiteOptions['report']): Promise<void> {
    // whatever ends this process ends its services too: no proxy of theirs is left
    process.on('exit', () => {
      for (const service of this.processes) service.kill()
    })
    try {
      for (const service of this.processes) service.start()
      await this.whenReady()
    } catch (error) {
      await this.close({ volumes: false })
      throw error
    }
    report(`✓ ${this.processes.length} services`)
  }

  /** The first instance of a service. */
  process(name: string): ServiceProcess {
    const found = this.processes.find((process) => process.name === name)
    if (!found) throw new Error(`there is no process ${name}`)
    return found
  }

  url(service: ServiceName): string {
    return this.process(service).url
  }

  /** One of the instances of a service. */
  door(service: ServiceName, n: number): string {
    const doors = this.processes.filter((process) => process.options.service === service)
    return (doors[n % doors.length] ?? this.process(service)).url
  }

  /** A further instance of a service, for as long as it is wanted. */
  async twin(service: ServiceName): Promise<ServiceProcess> {
    const { options } = this.process(service)
    const [port = 0] = await freePorts(1)
    const twin = new ServiceProcess({
      ...options,
      name: `${service}-twin`,
      port,
      env: { ...options.env, PORT: String(port) },
    })
    twin.start()
    await twin.whenReady()
    return twin
  }

  async whenReady(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.whenReady()))
  }

  async close({ volumes }: { volumes: boolean }): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()))
    await this.databases.close()
    await this.wires.close()
    await this.servers.down({ volumes })
  }
}

interface Around {
  readonly servers: Servers
  readonly wires: Wires
  readonly portOf: (service: ServiceName) => number
}

/** The first instance is called like its service. */
const instanceNames = (service: ServiceName, instances: number) =>
  Array.from({ length: instances }, (_, n) => ({ service, name: n === 0 ? service : `${service}-${n + 1}` }))

function environment(service: ServiceName, port: number, { servers, wires, portOf }: Around) {
  const { PATH, HOME, TZ } = process.env
  const direct = serviceEnv(service, servers.where, { PATH, HOME, TZ })
  return {
    ...direct,
    ...wires.rerouted(service, direct as Record<string, string>),
    ...TEST_CLOCKS,
    ...NO_LIMITS,
    NODE_ENV: 'test',
    PORT: String(port),
    SHOP_JWKS_URL: `http://127.0.0.1:${portOf('auth-service')}/.well-known/jwks.json`,
    ...urlsOf((other) => `http://127.0.0.1:${portOf(other)}`),
  }
}

/** A resumed run goes on with the servers it had. */
async function placeOf({ directory, isClustered }: SiteOptions): Promise<ServersPlace> {
  const file = join(directory, 'servers.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as ServersPlace
  const place = isClustered ? await clusteredPlace() : { instance: await separateInstance('faults') }
  writeFileSync(file, JSON.stringify(place))
  return place
}

async function clusteredPlace(): Promise<ServersPlace> {
  const cluster = await clusterInstance('faults')
  return { instance: cluster.base, cluster }
}
