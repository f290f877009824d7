import { type ServiceName, serviceNames } from '@order-saga/common'
import { TcpProxy } from '@order-saga/common/testing'
import { type Addresses, freePorts } from '@order-saga/scripts/infra'

const CAPACITY = serviceNames.length * 2 + 3

/** Who talks to whom. The name is what reports and schedules call it. */
export const wireNames = [
  ...serviceNames.map((service) => `${service} – database` as const),
  ...serviceNames.map((service) => `${service} – broker` as const),
  'services – redis',
  'mailer-service – mail',
  'payment-service – provider',
] as const

export type WireName = (typeof wireNames)[number]

/** A proxy in front of everything a service talks to, one for each service: a network that can be cut anywhere. */
export class Wires {
  private constructor(private readonly proxies: ReadonlyMap<WireName, TcpProxy>) {}

  static async open(where: Addresses): Promise<Wires> {
    const ports = await freePorts(CAPACITY)
    const target = (name: WireName): string => {
      if (name.endsWith('database')) return where.postgresAdminUrl
      if (name.endsWith('broker')) return where.amqpUrlBase
      if (name.endsWith('redis')) return where.redisUrl
      return name.endsWith('mail') ? where.smtpUrl : where.providerUrl
    }
    const opened = wireNames.map(async (name, n) => {
      const { hostname, port } = new URL(target(name))
      return [name, await TcpProxy.to(hostname, Number(port), ports[n])] as const
    })
    return new Wires(new Map(await Promise.all(opened)))
  }

  of(name: WireName): TcpProxy {
    const proxy = this.proxies.get(name)
    if (!proxy) throw new Error(`there is no wire ${name}`)
    return proxy
  }

  /** The addresses of a service, by way of its own wires. */
  rerouted(service: ServiceName, urls: Readonly<Record<string, string>>): Record<string, string> {
    const { SHOP_DATABASE_URL, SHOP_AMQP_URL, SHOP_REDIS_URL, SHOP_SMTP_URL, SHOP_PROVIDER_URL } = urls
    const through = (name: WireName, url = '') => this.of(name).through(url)
    return {
      SHOP_DATABASE_URL: through(`${service} – database`, SHOP_DATABASE_URL),
      SHOP_AMQP_URL: through(`${service} – broker`, SHOP_AMQP_URL),
      SHOP_REDIS_URL: through('services – redis', SHOP_REDIS_URL),
      ...(SHOP_SMTP_URL && { SHOP_SMTP_URL: through('mailer-service – mail', SHOP_SMTP_URL) }),
      ...(SHOP_PROVIDER_URL && { SHOP_PROVIDER_URL: through('payment-service – provider', SHOP_PROVIDER_URL) }),
    }
  }

  /**
   * Every database answers a little later from now on, as one does that is busy: what was delivered stays unacknowledged
   * for a while. Undone by what it answers. Wires that are delayed already are left alone.
   */
  slowDatabases(delayMs: number): () => void {
    const slowed = serviceNames.map((service) => this.of(`${service} – database`)).filter((wire) => wire.delayMs === 0)
    for (const wire of slowed) wire.delayMs = delayMs
    return () => {
      for (const wire of slowed) if (wire.delayMs === delayMs) wire.delayMs = 0
    }
  }

  /** How many answers to a COMMIT the proxies have cut off: each was committed, and nobody heard of it. */
  get cutCommits(): number {
    return [...this.proxies.values()].reduce((sum, { cuts }) => sum + cuts, 0)
  }

  async close(): Promise<void> {
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.close()))
  }
}
