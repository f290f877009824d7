import { randomUUID } from 'node:crypto'
import { type Env, type Envelope, type Id, type OrderLine, type ServiceName, serviceNames } from '@order-saga/common'
import { type PlacedOrder, type PolledOrder, placeOrder, pollOrder } from '@order-saga/common/client'
import { Balancer, type BrokerPlace, eventually, servers } from '@order-saga/common/testing'
import { Databases } from '@order-saga/scripts/audit'
import { freePorts } from '@order-saga/scripts/infra'
import { redisUrlOf, urlsOf } from '@order-saga/scripts/shop/service-env'
import { NO_LIMITS } from '../../src/no-limits'
import { TestAuditor } from './auditor'
import { type Authority, type Customer, realAuthority, testAuthority } from './authority'
import { asProcess, type Instance, inProcess, type Launch } from './instance'
import { type Outside, openOutside } from './outside'
import { Premises } from './premises'
import { Publishers } from './publishers'

export type { Customer } from './authority'

/** Short waits, so that a test of a deadline takes seconds. */
export const TEST_CLOCKS: Env = {
  // no order ends by it unless a test turns its clock
  SHOP_ORDER_DEADLINE_MS: '120000',
  SHOP_GRACE_MS: '500',
  SHOP_SWEEP_MS: '100',
  SHOP_PROVIDER_TIMEOUT_MS: '300',
  SHOP_RELAY_SWEEP_AFTER_MS: '500',
  SHOP_AMQP_HEARTBEAT_S: '5',
  SHOP_DATABASE_POOL: '5',
}

export interface ShopOptions {
  /** Which compiled services run as processes instead of in this one. */
  readonly processes?: readonly ServiceName[]
  /** Accounts and tokens of auth-service instead of test tokens. */
  readonly hasAccounts?: boolean
  /** Every event leaves twice. In this process only. */
  readonly isEchoing?: boolean
  readonly settings?: Env
  /** Hears what the services say that run as processes, down to the last detail. */
  readonly onLog?: (text: string) => void
  /** Of every service: two stand in for each other. */
  readonly instances?: 1 | 2
  /** logger-service looks at queues, consumers and bindings. */
  readonly isWatched?: boolean
  /** The auditor runs beside the services. */
  readonly hasAuditor?: boolean
  /** Another broker than the tests' shared one. */
  readonly broker?: BrokerPlace
}

export interface Answer<T> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

export interface Question {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly token: string
  readonly body?: object
  readonly headers?: Record<string, string>
}

/** Names of the instances that always run, as far as there are to be so many; a test starts others under other names. */
const ORDINARY = ['', '-b']

// services that others ask over HTTP start first
const inSequence = [...serviceNames].sort((a, b) => Number(b === 'cart-service') - Number(a === 'cart-service'))

/** The whole shop on databases and a vhost of its own: services can be stopped, killed, doubled and started again. */
export class TestShop {
  readonly #running = new Map<string, Instance>()
  readonly #ports = new Map<string, number>()
  readonly #balancers = new Map<ServiceName, Balancer>()
  readonly #launch: Launch
  #audited: Databases | undefined
  readonly publishers: Publishers
  /** How often mailer-service lost what it had in hand: sent and not yet on record, each such mail is sent again. */
  mailerLosses = 0
  queueWasLost = false
  authority!: Authority
  auditor: TestAuditor | undefined

  private constructor(
    readonly premises: Premises,
    readonly outside: Outside,
    private readonly options: ShopOptions,
  ) {
    this.publishers = new Publishers(premises.broker)
    const { processes = [], isEchoing = false, onLog } = options
    this.#launch = (service, ...rest) =>
      processes.includes(service) ? asProcess(service, ...rest, onLog) : inProcess(isEchoing)(service, ...rest)
  }

  static async open(options: ShopOptions = {}): Promise<TestShop> {
    const [premises, outside] = await Promise.all([Premises.open(options.broker), openOutside()])
    const shop = new TestShop(premises, outside, options)
    shop.authority = options.hasAccounts
      ? realAuthority(() => shop.url('auth-service'))
      : await testAuthority(shop.publishers)
    for (const service of shop.services) await shop.#assignPorts(service)
    if (options.hasAuditor) shop.auditor = await TestAuditor.atSomePort()
    try {
      await shop.restore()
      await shop.auditor?.start(shop)
    } catch (error) {
      // nobody else knows the processes that did start
      await shop.close()
      throw error
    }
    return shop
  }

  get services(): readonly ServiceName[] {
    return this.options.hasAccounts ? inSequence : inSequence.filter((service) => service !== 'auth-service')
  }

  /** Where customers and other services find a service, of two instances whichever answers; or the named one. */
  url(service: ServiceName, instance?: string): string {
    const balancer = instance === undefined ? this.#balancers.get(service) : undefined
    return `http://127.0.0.1:${balancer?.port ?? this.#ports.get(service + (instance ?? ''))}`
  }

  get jwksUrl(): string {
    return this.authority.jwksUrl ?? `${this.url('auth-service')}/.well-known/jwks.json`
  }

  /** How many ordinary instances each service has. */
  get instances(): number {
    return this.#named(undefined).length
  }

  /** Every instance that runs. */
  get urls(): readonly string[] {
    return [...this.#running.keys()].map((key) => this.url(...split(key)))
  }

  process(service: ServiceName, instance = ''): NonNullable<Instance['child']> {
    const child = this.#running.get(service + instance)?.child
    if (!child) throw new Error(`${service}${instance} is no process`)
    return child
  }

  /** Starts every ordinary instance of a service, or the named one, and waits until they are ready. */
  async start(service: ServiceName, settings: Env = {}, instance?: string): Promise<void> {
    await Promise.all(this.#named(instance).map((one) => this.#start(service, settings, one)))
  }

  async whenReady(service: ServiceName, instance?: string): Promise<void> {
    await Promise.all(this.#named(instance).map((one) => this.#whenReady(service, one)))
  }

  /** Drains every ordinary instance, or the named one. Answers the exit code of a process, of several the worst. */
  async stop(service: ServiceName, instance?: string): Promise<number | null> {
    const codes = await Promise.all(this.#named(instance).map((one) => this.#stop(service, one)))
    return codes.find((code) => code !== 0) ?? 0
  }

  /** kill -9 */
  async kill(service: ServiceName, instance = ''): Promise<void> {
    const child = this.process(service, instance)
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await exited
    await this.buried(service, instance)
  }

  /** It died: another may be started in its place. */
  async buried(service: ServiceName, instance = ''): Promise<void> {
    this.#running.delete(service + instance)
    if (service === 'mailer-service') await this.#endMailLeases()
  }

  /** Ends every session of a service at its database. Answers how many. */
  async cutDatabase(service: ServiceName): Promise<number> {
    const sessions = await this.premises.cutDatabase(service)
    if (service === 'mailer-service') await this.#endMailLeases()
    return sessions
  }

  /** Deletes a service's queue with what waits in it. */
  async loseQueue(service: ServiceName): Promise<void> {
    this.queueWasLost = true
    await this.premises.deleteQueue(service)
  }

  async restart(service: ServiceName, settings: Env = {}): Promise<void> {
    await this.stop(service)
    await this.start(service, settings)
  }

  /** The ordinary instances of each service with the ordinary settings and a provider that works, whatever was before. */
  async restore(): Promise<void> {
    const others = [...this.#running].filter(([key, { settings }]) => this.#isOdd(key, settings))
    await Promise.all(others.map(([key]) => this.#stop(...split(key))))
    const all = this.services.flatMap((service) => this.#ordinary.map((instance) => ({ service, instance })))
    const missing = all.filter(({ service, instance }) => !this.#running.has(service + instance))
    await Promise.all(missing.map(({ service, instance }) => this.#start(service, {}, instance)))
    await this.outside.provider({ mode: 'ok' })
  }

  /** Its databases, as an auditor reads them. */
  get audited(): Databases {
    this.#audited ??= new Databases(this.databaseUrls)
    return this.#audited
  }

  /** Of their owners, who may read everything. */
  get databaseUrls(): Readonly<Partial<Record<ServiceName, string>>> {
    return Object.fromEntries(this.services.map((service) => [service, this.premises.ownerUrl(service)]))
  }

  async close(): Promise<void> {
    await this.auditor?.stop()
    await Promise.all([...this.#running.values()].map(({ stop }) => stop()))
    await Promise.all([...this.#balancers.values()].map((balancer) => balancer.close()))
    await Promise.all([this.publishers.close(), this.authority.close(), this.outside.close()])
    await this.#audited?.close()
    await this.premises.close()
  }

  customer(): Promise<Customer> {
    return this.authority.customer()
  }

  /** A new product with so much stock. */
  async product({ available = 10, priceMinor = 1_000 } = {}): Promise<Id> {
    const body = { sku: randomUUID(), name: 'Stoneware mug', category: 'kitchen', priceMinor, available }
    const answer = await this.ask<{ id: Id }>('product-service', '/products', {
      token: await this.authority.admin(),
      body,
    })
    if (answer.status !== 201) throw new Error(`no product: ${answer.status}`)
    return answer.body.id
  }

  async ask<T = unknown>(service: ServiceName, path: string, question: Question): Promise<Answer<T>> {
    const { token, body, method = body ? 'POST' : 'GET', headers = {} } = question
    const response = await fetch(this.url(service) + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
  }

  /** With the shipped client. */
  place({ token }: Customer, items: readonly OrderLine[], rest: Partial<Placing> = {}): Promise<PlacedOrder> {
    const { paymentToken = 'tok_visa', idempotencyKey, expectedTotalMinor } = rest
    const body = { items, paymentToken, ...(expectedTotalMinor !== undefined && { expectedTotalMinor }) }
    // of hundreds at once on a busy machine, the last one waits long
    return placeOrder({ baseUrl: this.url('order-service'), token, body, idempotencyKey, maxMs: 100_000 })
  }

  /** Polls with the shipped client until the order has ended. */
  async poll({ token }: Customer, { id }: { id: Id }, maxMs = 60_000): Promise<PolledOrder> {
    const baseUrl = this.url('order-service')
    return (await pollOrder({ baseUrl, token, orderId: id, maxMs, preferWaitS: 5 })).order
  }

  cancel({ token }: Customer, { id }: { id: Id }): Promise<Answer<PolledOrder>> {
    return this.ask('order-service', `/orders/${id}/cancel`, { token, method: 'POST' })
  }

  /** Everything that was told about an order, by whom it may be, in the sequence of its ids. */
  async told(orderId: Id): Promise<Envelope[]> {
    const sql = `SELECT envelope FROM outbox WHERE envelope ->> 'subject' = $1`
    const each = await Promise.all(
      this.services.map((service) => this.premises.query<{ envelope: Envelope }>(service, sql, [orderId])),
    )
    const byHand = [...this.publishers.byHand.values()].filter(({ subject }) => subject === orderId)
    const byId = new Map([...each.flat().map(({ envelope }) => envelope), ...byHand].map((event) => [event.id, event]))
    return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  async toldOnce(orderId: Id, type: string): Promise<Envelope> {
    return eventually(async () => {
      const found = (await this.told(orderId)).find((event) => event.type === type)
      if (!found) throw new Error(`${type} was not told`)
      return found
    })
  }

  /** Resolves when the broker has everything a service wanted to tell. */
  whenSent(service: ServiceName): Promise<void> {
    return eventually(async () => {
      const unsent = await this.premises.query(service, 'SELECT FROM outbox_unsent')
      if (unsent.length > 0) throw new Error(`${service}: ${unsent.length} events are unsent`)
    })
  }

  /** Resolves when a service has handled an event. */
  whenHeard(service: ServiceName, { id, type }: Envelope): Promise<void> {
    return eventually(async () => {
      const rows = await this.premises.query(service, 'SELECT FROM inbox WHERE id = $1', [id])
      if (rows.length === 0) throw new Error(`${service} has not heard ${type}`)
    })
  }

  /** Publishes events again, the same ids, one after the other, each handled by `service` before the next. */
  async deliver(service: ServiceName, ...events: Envelope[]): Promise<void> {
    for (const event of events) {
      await this.publishers.publish(event)
      await this.whenHeard(service, event)
    }
  }

  get #ordinary(): readonly string[] {
    return ORDINARY.slice(0, this.options.instances ?? 1)
  }

  async #assignPorts(service: ServiceName): Promise<void> {
    for (const instance of this.#ordinary) this.#ports.set(service + instance, await freePort())
    if (this.#ordinary.length < 2) return
    // those that have ended too: a balancer hears of that late
    const ports = () => this.#ordinary.flatMap((instance) => this.#ports.get(service + instance) ?? [])
    this.#balancers.set(service, await Balancer.before(ports))
  }

  #named = (instance?: string): readonly string[] => (instance === undefined ? this.#ordinary : [instance])

  #isOdd = (key: string, settings: Env): boolean =>
    !this.#ordinary.includes(split(key)[1]) || Object.keys(settings).length > 0

  async #start(service: ServiceName, settings: Env, instance: string): Promise<void> {
    const key = service + instance
    if (this.#running.has(key)) throw new Error(`${key} is running`)
    if (!this.#ports.has(key)) this.#ports.set(key, await freePort())
    this.#running.set(key, await this.#launch(service, this.envOf(service, settings, instance), settings))
    await this.#whenReady(service, instance)
  }

  #whenReady(service: ServiceName, instance: string): Promise<void> {
    return eventually(async () => {
      const response = await fetch(`${this.url(service, instance)}/readyz`, { signal: AbortSignal.timeout(5_000) })
      const body = await response.text()
      if (!response.ok) throw new Error(`${service}${instance}: ${body}`)
    }, 60_000)
  }

  async #stop(service: ServiceName, instance: string): Promise<number | null> {
    const running = this.#running.get(service + instance)
    if (!running) throw new Error(`${service}${instance} is not running`)
    this.#running.delete(service + instance)
    return running.stop()
  }

  /** Half a minute passes, in which nobody else sends what was in hand. */
  async #endMailLeases(): Promise<void> {
    this.mailerLosses++
    await this.premises.query('mailer-service', `UPDATE mails SET next_attempt_at = now() WHERE state = 'due'`)
  }

  envOf(service: ServiceName, settings: Env = {}, instance = ''): Env {
    return {
      NODE_ENV: 'test',
      LOG_LEVEL: this.options.onLog ? 'debug' : (process.env.LOG_LEVEL ?? 'silent'),
      PORT: String(this.#ports.get(service + instance)),
      SHOP_DATABASE_URL: this.premises.databaseUrl(service),
      SHOP_AMQP_URL: this.premises.broker.urlOf(service),
      SHOP_REDIS_URL: redisUrlOf(service, servers.redisUrl),
      SHOP_JWKS_URL: this.jwksUrl,
      ...(this.options.isWatched && { SHOP_MANAGEMENT_URL: this.premises.broker.monitoringUrl }),
      ...(this.auditor && { SHOP_AUDITOR_URL: this.auditor.url }),
      ...urlsOf((other) => this.url(other), this.services),
      SHOP_PROVIDER_URL: this.outside.providerUrl,
      SHOP_SMTP_URL: this.outside.smtpUrl,
      ...TEST_CLOCKS,
      ...NO_LIMITS,
      ...this.options.settings,
      ...settings,
    }
  }
}

/** None of those the kernel picks for outgoing connections: one of these might take it before the service does. */
const freePort = async (): Promise<number> => (await freePorts(1))[0] as number

export interface Placing {
  readonly paymentToken: string
  readonly idempotencyKey: string
  readonly expectedTotalMinor: number
}

function split(key: string): [ServiceName, string] {
  const service = serviceNames.find((name) => key.startsWith(name))
  if (!service) throw new Error(`${key} is no service`)
  return [service, key.slice(service.length)]
}
