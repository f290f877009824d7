import { setTimeout as pause } from 'node:timers/promises'
import type { ServiceName } from '../contracts/services'
import type { Bus, Confirmation, Delivery, DeliveryHandler, OutgoingMessage } from '../messaging/bus'
import { EVENTS_EXCHANGE, eventsQueue } from '../messaging/names'
import type { Binding, Manifest } from '../topology/manifest'

const PREFETCH_MESSAGES = 100

interface Queued {
  readonly message: OutgoingMessage
  readonly brokerUser: ServiceName
  readonly deliveryCount: number
}

interface Options {
  /** The same seed and the same calls give the same schedule. */
  readonly seed?: number
  /** Probability that a message arrives twice. */
  readonly duplicates?: number
  /** A message may overtake so many others. */
  readonly reach?: number
}

/** mulberry32: small, seeded, good enough to shuffle with. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const matches = (pattern: string, key: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replaceAll('#', '.*')}$`).test(key)

/** A broker without a network, for tests of schedules: it duplicates, reorders, holds back and loses sessions on demand. */
export class InMemoryBroker {
  readonly #queues = new Map<string, InMemoryQueue>()
  readonly #buses: InMemoryBus[] = []
  readonly #bindings: Binding[]
  readonly random: () => number
  isUp = true

  constructor(
    private readonly manifest: Manifest,
    readonly options: Options = {},
  ) {
    this.random = randomFrom(options.seed ?? 1)
    this.#bindings = manifest.bindings.filter(({ source }) => source === EVENTS_EXCHANGE)
  }

  busOf(service: ServiceName): InMemoryBus {
    const bus = new InMemoryBus(this, service, this.queueOf(eventsQueue(service)))
    this.#buses.push(bus)
    return bus
  }

  queueOf(name: string): InMemoryQueue {
    const queue = this.#queues.get(name) ?? new InMemoryQueue(this)
    this.#queues.set(name, queue)
    return queue
  }

  mayPublish(service: ServiceName, routingKey: string): boolean {
    const user = this.manifest.users.find(({ name }) => name === service)
    return new RegExp(user?.topicWrite[EVENTS_EXCHANGE] ?? '^$').test(routingKey)
  }

  route(message: OutgoingMessage, brokerUser: ServiceName): Confirmation {
    const wanted = this.#bindings.filter(({ routingKey }) => matches(routingKey, message.routingKey))
    const queues = new Set(wanted.map(({ queue }) => queue))
    for (const queue of queues) this.queueOf(queue).add({ message, brokerUser, deliveryCount: 0 })
    return queues.size > 0 ? 'confirmed' : 'unroutable'
  }

  /** Keeps everything back that is not delivered yet. */
  holdBack(): void {
    for (const queue of this.#queues.values()) queue.isHeldBack = true
  }

  release(): void {
    for (const queue of this.#queues.values()) {
      queue.isHeldBack = false
      queue.pump()
    }
  }

  /** The broker is away; its queues keep what they have. */
  goAway(): void {
    this.isUp = false
    for (const bus of this.#buses) bus.dropSession()
  }

  comeBack(): void {
    this.isUp = true
    for (const queue of this.#queues.values()) queue.pump()
  }

  /** Resolves when every queue is empty and everything is settled. */
  async idle(): Promise<void> {
    while ([...this.#queues.values()].some(({ isIdle }) => !isIdle)) await pause(2)
  }
}

/** One service's queue and what it has delivered of it. */
class InMemoryQueue {
  #ready: Queued[] = []
  readonly #unsettled = new Map<number, Queued>()
  #handler: DeliveryHandler | undefined
  #isWanted = false
  isSubscribed = false
  #lastTag = 0
  #isPumping = false
  isHeldBack = false

  constructor(private readonly broker: InMemoryBroker) {}

  get isIdle(): boolean {
    return this.#ready.length === 0 && this.#unsettled.size === 0
  }

  add(queued: Queued): void {
    const { random, options } = this.broker
    const copies = random() < (options.duplicates ?? 0) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) this.#ready.push(queued)
    this.pump()
  }

  subscribe(handler: DeliveryHandler): void {
    this.#handler = handler
    this.#isWanted = true
    this.isSubscribed = true
    this.pump()
  }

  unsubscribe(): void {
    this.#isWanted = false
    this.isSubscribed = false
  }

  /** What was not settled goes back to the front, in its order. */
  takeBack(): void {
    const returned = [...this.#unsettled.values()]
    this.#unsettled.clear()
    const again = returned.map((queued) => ({ ...queued, deliveryCount: queued.deliveryCount + 1 }))
    this.#ready = [...again, ...this.#ready]
  }

  settleUpTo(tag: number): void {
    for (const each of [...this.#unsettled.keys()]) if (each <= tag) this.#unsettled.delete(each)
    this.pump()
  }

  pump(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    setImmediate(() => {
      this.#isPumping = false
      while (this.#handler && this.#mayDeliver()) {
        const [next] = this.#ready.splice(this.#choose(), 1)
        if (!next) return
        this.#deliver(next, this.#handler)
      }
    })
  }

  #mayDeliver(): boolean {
    return this.isSubscribed && !this.isHeldBack && this.broker.isUp && this.#unsettled.size < PREFETCH_MESSAGES
  }

  #choose(): number {
    const reach = Math.min(this.broker.options.reach ?? 0, this.#ready.length - 1)
    return reach > 0 ? Math.floor(this.broker.random() * (reach + 1)) : 0
  }

  #deliver(queued: Queued, handler: DeliveryHandler): void {
    const tag = ++this.#lastTag
    this.#unsettled.set(tag, queued)
    const { message, brokerUser, deliveryCount } = queued
    const delivery: Delivery = {
      ...message,
      contentEncoding: undefined,
      brokerUser,
      deliveryCount,
      isBrokerDead: false,
      headers: {},
      // a tag that was taken back is gone: acking it again has no effect
      ackUpTo: () => {
        if (this.#unsettled.has(tag)) this.settleUpTo(tag)
      },
      giveBack: () => {
        if (this.#unsettled.has(tag)) this.dropSession()
      },
    }
    handler.deliver(delivery)
  }

  /** The session is lost and made anew as soon as its handler wants it. */
  dropSession(): void {
    this.isSubscribed = false
    this.takeBack()
    this.#handler?.reset()
    const subscribeAgain = () => {
      if (!this.#handler || !this.#isWanted) return
      if (this.#handler.isReady) this.subscribe(this.#handler)
      else setTimeout(subscribeAgain, 5).unref()
    }
    setImmediate(subscribeAgain)
  }
}

export class InMemoryBus implements Bus {
  #handler: DeliveryHandler | undefined
  #isStarted = false

  constructor(
    private readonly broker: InMemoryBroker,
    private readonly service: ServiceName,
    private readonly queue: InMemoryQueue,
  ) {}

  start(handler: DeliveryHandler | undefined): void {
    this.#isStarted = true
    this.#handler = handler
    if (handler) this.queue.subscribe(handler)
  }

  async publish(message: OutgoingMessage): Promise<Confirmation> {
    if (!this.canPublish) throw new Error('publish refused: not connected')
    if (!this.broker.mayPublish(this.service, message.routingKey))
      throw new Error(`publish refused: ${this.service} may not publish ${message.routingKey}`)
    return this.broker.route(message, this.service)
  }

  get canPublish(): boolean {
    return this.#isStarted && this.broker.isUp
  }

  get isConsuming(): boolean {
    return this.#handler === undefined || (this.broker.isUp && this.queue.isSubscribed)
  }

  get trouble(): string | undefined {
    return this.broker.isUp ? undefined : 'not reachable'
  }

  /** Loses the connection: what is unsettled is delivered again. */
  dropSession(): void {
    this.queue.dropSession()
  }

  async stopConsuming(): Promise<void> {
    this.queue.unsubscribe()
  }

  async close(): Promise<void> {
    this.#isStarted = false
    this.queue.unsubscribe()
    this.queue.takeBack()
  }
}
