import { servers, type TestBroker } from '@order-saga/common/testing'
import amqp, { type ChannelModel, type ConfirmChannel, type Options } from 'amqplib'
import type { Message } from './messages'

type Sender = Message['sender']

/** A header by which a dead letter is known again, however broken its message is. */
export const LABEL = 'label'
export const labelOf = (round: string, index: number): string => `${round} ${index}`

/** Connections that follow no rules of ours: every service's own user, and an administrator without any limit. */
export class RawSenders {
  readonly #channels = new Map<Sender, ConfirmChannel>()
  readonly #models: ChannelModel[] = []

  constructor(private readonly broker: TestBroker) {}

  /** Resolves when the broker has them all, each with the name of the round and its place in it as a header. */
  async send(round: string, messages: readonly Message[]): Promise<void> {
    const used = new Set<ConfirmChannel>()
    for (const [index, { sender, routingKey, body, properties }] of messages.entries()) {
      const channel = await this.channelOf(sender)
      used.add(channel)
      const headers = { ...properties.headers, [LABEL]: labelOf(round, index) }
      const userId = sender === 'stranger' ? undefined : sender
      const isWritable = channel.publish('shop.events', routingKey, body, {
        userId,
        ...properties,
        headers,
      } as Options.Publish)
      if (!isWritable) await channel.waitForConfirms()
    }
    for (const channel of used) await channel.waitForConfirms()
  }

  async channelOf(sender: Sender): Promise<ConfirmChannel> {
    const known = this.#channels.get(sender)
    if (known) return known
    const report = (error: Error) => process.stderr.write(`the broker refuses ${sender}: ${error.message}\n`)
    const model = await amqp.connect(sender === 'stranger' ? this.#adminUrl() : this.broker.urlOf(sender))
    this.#models.push(model)
    model.on('error', report)
    const channel = await model.createConfirmChannel()
    this.#channels.set(sender, channel)
    channel.on('error', report)
    return channel
  }

  async depthOf(queue: string): Promise<number> {
    return (await (await this.channelOf('stranger')).checkQueue(queue)).messageCount
  }

  async close(): Promise<void> {
    await Promise.all(this.#models.map((model) => model.close()))
  }

  #adminUrl(): string {
    const { username, password } = new URL(servers.managementUrl)
    return `amqp://${username}:${password}@${servers.amqpAddress}/${this.broker.vhost}`
  }
}
