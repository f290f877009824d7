import type { ServiceName } from '../contracts/services'
import type { Delivery, DeliveryHandler } from './bus'
import { deadQueue, eventsQueue } from './names'
import { type Channel, type ConsumeMessage, type LinkOptions, RabbitLink, type Session } from './rabbit-link'

const PREFETCH_MESSAGES = 100
// 30 s without a delivery while the queue is not empty: the consumer is gone and nobody said so
const IDLE_CHECK_MS = 30_000
const WATCH_MS = 1_000

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The consuming half: everything goes through one channel, in order, so that one ack settles all before it. */
export class RabbitConsumer extends RabbitLink<Channel> {
  #lastSignMs = 0
  #watch: NodeJS.Timeout | undefined
  #isStopping = false
  #subscribing: Session<Channel> | undefined
  #tags: string[] = []

  constructor(
    options: LinkOptions,
    private readonly service: ServiceName,
    private readonly handler: DeliveryHandler,
  ) {
    super(options)
  }

  get isSubscribed(): boolean {
    return this.session !== undefined && this.#tags.length > 0
  }

  protected open(model: Parameters<RabbitLink<Channel>['open']>[0]): Promise<Channel> {
    return model.createChannel()
  }

  protected async setUp(session: Session<Channel>): Promise<void> {
    await session.channel.prefetch(PREFETCH_MESSAGES)
    await this.#subscribe(session)
    if (!session.isOver) this.#watch = setInterval(() => void this.#check(session), WATCH_MS)
  }

  protected ended(): void {
    clearInterval(this.#watch)
    this.#tags = []
    this.handler.reset()
  }

  async stopConsuming(): Promise<void> {
    this.#isStopping = true
    const channel = this.session?.channel
    await Promise.all(this.#tags.map((tag) => channel?.cancel(tag).catch(() => {})))
  }

  async #subscribe(session: Session<Channel>): Promise<void> {
    // the watch comes by every second, which a slow broker's answers may outlast: twice subscribed is two consumers
    if (this.#isStopping || this.#subscribing === session || !this.handler.isReady) return
    this.#subscribing = session
    try {
      const tags = await this.#consume(session)
      if (!session.isOver) this.#tags = tags
    } finally {
      if (this.#subscribing === session) this.#subscribing = undefined
    }
  }

  async #consume(session: Session<Channel>): Promise<string[]> {
    const { channel } = session
    const tags: string[] = []
    this.#lastSignMs = performance.now()
    for (const queue of [eventsQueue(this.service), deadQueue(this.service)]) {
      await channel.checkQueue(queue)
      const { consumerTag } = await channel.consume(queue, (message) => this.#deliver(session, queue, message))
      tags.push(consumerTag)
    }
    const { consumerCount } = await channel.checkQueue(eventsQueue(this.service))
    if (consumerCount === 0) throw new Error('the broker does not know our consumer')
    return tags
  }

  #deliver(session: Session<Channel>, queue: string, message: ConsumeMessage | null): void {
    if (session.isOver) return
    // the broker cancelled the consumer: its queue is gone, and the channel stays open as if nothing happened
    if (!message) {
      session.fail('consumer cancelled by the broker')
      return
    }
    this.#lastSignMs = performance.now()
    this.handler.deliver(this.#toDelivery(session, queue, message))
  }

  #toDelivery(session: Session<Channel>, queue: string, message: ConsumeMessage): Delivery {
    const { properties, fields } = message
    const headers: Record<string, unknown> = properties.headers ?? {}
    const deliveryCount = Number(headers['x-delivery-count'] ?? 0)
    return {
      body: message.content,
      routingKey: fields.routingKey,
      contentType: text(properties.contentType),
      contentEncoding: text(properties.contentEncoding),
      messageId: text(properties.messageId),
      brokerUser: text(properties.userId),
      deliveryCount: Number.isFinite(deliveryCount) ? deliveryCount : 0,
      isBrokerDead: queue === deadQueue(this.service),
      headers,
      // acking on another channel than the delivering one is a protocol error that closes it
      ackUpTo: () => {
        if (!session.isOver) this.#ackUpTo(session, message)
      },
      giveBack: (reason) => session.fail(reason),
    }
  }

  #ackUpTo(session: Session<Channel>, message: ConsumeMessage): void {
    this.#lastSignMs = performance.now()
    try {
      session.channel.ack(message, true)
    } catch {
      // closed a moment ago: the broker delivers it again and the inbox knows it
      session.fail('ack on a closed channel')
    }
  }

  async #check(session: Session<Channel>): Promise<void> {
    if (this.#isStopping || session.isOver) return
    try {
      if (this.#tags.length === 0) await this.#subscribe(session)
      else await this.#checkSilence(session)
    } catch (error) {
      session.fail(error instanceof Error ? error.message : 'not subscribed')
    }
  }

  async #checkSilence(session: Session<Channel>): Promise<void> {
    const isSilent = performance.now() - this.#lastSignMs > IDLE_CHECK_MS
    if (!isSilent || this.handler.unsettled > 0) return
    const { messageCount, consumerCount } = await session.channel.checkQueue(eventsQueue(this.service))
    if (this.handler.unsettled > 0) return
    if (messageCount > 0 || consumerCount === 0) session.fail('consumer went silent')
    // asked once per silence, not every second
    this.#lastSignMs = performance.now()
  }
}
