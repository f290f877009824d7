import type { ServiceName } from '../contracts/services'
import type { Confirmation, OutgoingMessage } from './bus'
import { excessBrokerRights } from './excess-rights'
import { EVENTS_EXCHANGE } from './names'
import { type ChannelModel, type ConfirmChannel, RabbitLink, type Session } from './rabbit-link'

// 10 s: a broker that holds a confirm back for longer is in trouble; unknown is published again
const CONFIRM_TIMEOUT_MS = 10_000

interface Pending {
  resolve(confirmation: Confirmation): void
  reject(error: Error): void
  readonly publishedAtMs: number
  isReturned: boolean
}

/** The publishing half: its own connection, because alarms block connections that publish. */
export class RabbitPublisher extends RabbitLink<ConfirmChannel> {
  readonly #pending = new Map<string, Pending>()
  #drained: Promise<void> | undefined
  #blockedAtMs = Number.NEGATIVE_INFINITY
  #watch: NodeJS.Timeout | undefined
  #isExcessKnown = false

  protected async open(model: ChannelModel): Promise<ConfirmChannel> {
    const { onExcess } = this.options
    if (onExcess && !this.#isExcessKnown) {
      const rights = await excessBrokerRights(model)
      this.#isExcessKnown = true
      if (rights.length > 0) onExcess(rights)
    }
    return model.createConfirmChannel()
  }

  protected async setUp(session: Session<ConfirmChannel>): Promise<void> {
    const { channel } = session
    await channel.checkExchange(EVENTS_EXCHANGE)
    // an unroutable message is returned first and confirmed afterwards
    channel.on('return', ({ properties }) => {
      const pending = this.#pending.get(properties.messageId)
      if (pending) pending.isReturned = true
    })
    if (!session.isOver) this.#watch = setInterval(() => this.#checkConfirms(session), 1_000)
  }

  protected ended(reason: string): void {
    clearInterval(this.#watch)
    this.#drained = undefined
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of pending) reject(new Error(`publish unconfirmed: ${reason}`))
  }

  async publish(message: OutgoingMessage, source: ServiceName): Promise<Confirmation> {
    // each waiter looks again: the one before it may have filled the buffer anew
    while (this.#drained) await this.#drained
    const channel = this.session?.channel
    if (!channel) throw new Error(`publish refused: ${this.trouble ?? 'no session'}`)
    return new Promise((resolve, reject) => {
      const pending = { resolve, reject, publishedAtMs: performance.now(), isReturned: false }
      this.#pending.set(message.messageId, pending)
      try {
        this.#send(channel, message, source, pending)
      } catch (error) {
        this.#pending.delete(message.messageId)
        reject(error)
      }
    })
  }

  #send(
    channel: ConfirmChannel,
    { routingKey, contentType, messageId, body }: OutgoingMessage,
    source: ServiceName,
    pending: Pending,
  ): void {
    const options = {
      contentType,
      messageId,
      type: routingKey,
      appId: source,
      userId: this.addresses.user,
      timestamp: Math.floor(Date.now() / 1000),
      persistent: true,
      mandatory: true,
    }
    const isWritable = channel.publish(EVENTS_EXCHANGE, routingKey, body, options, (error) => {
      this.#pending.delete(messageId)
      if (error) pending.reject(new Error(`publish unconfirmed: ${error.message}`))
      else pending.resolve(pending.isReturned ? 'unroutable' : 'confirmed')
    })
    if (!isWritable) this.#awaitDrain(channel)
  }

  #awaitDrain(channel: ConfirmChannel): void {
    if (this.#drained) return
    const drained = new Promise<void>((resolve) => {
      channel.once('drain', resolve)
      channel.once('close', resolve)
    }).then(() => {
      if (this.#drained === drained) this.#drained = undefined
    })
    this.#drained = drained
  }

  #checkConfirms(session: Session<ConfirmChannel>): void {
    // a blocked broker confirms everything, but not before it is unblocked
    if (this.isBlocked) this.#blockedAtMs = performance.now()
    const [oldest] = this.#pending.values()
    const sinceMs = Math.max(oldest?.publishedAtMs ?? Number.POSITIVE_INFINITY, this.#blockedAtMs)
    if (performance.now() - sinceMs > CONFIRM_TIMEOUT_MS) session.fail('confirm timed out')
  }
}
