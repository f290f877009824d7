import type { ServiceName } from '../contracts/services'
import type { Log } from '../log'
import type { Bus, Confirmation, DeliveryHandler, OutgoingMessage } from './bus'
import { RabbitConsumer } from './rabbit-consumer'
import { RabbitPublisher } from './rabbit-publisher'

export interface RabbitOptions {
  readonly service: ServiceName
  /** One broker, or the nodes of a cluster, comma separated. */
  readonly url: string
  /** Below 5 s the broker's own pauses look like a lost connection. */
  readonly heartbeatS: number
  readonly log: Log
  readonly onRefused?: (error: Error) => void
  /** Hears once what the service's user may do beyond the manifest. */
  readonly onExcess?: (rights: string[]) => void
}

export class RabbitBus implements Bus {
  readonly #publisher: RabbitPublisher
  #consumer: RabbitConsumer | undefined

  constructor(private readonly options: RabbitOptions) {
    this.#publisher = new RabbitPublisher({ ...options, name: `${options.service} publishes` })
  }

  start(handler: DeliveryHandler | undefined): void {
    this.#publisher.start()
    if (!handler) return
    const { service } = this.options
    this.#consumer = new RabbitConsumer({ ...this.options, name: `${service} consumes` }, service, handler)
    this.#consumer.start()
  }

  publish(message: OutgoingMessage): Promise<Confirmation> {
    return this.#publisher.publish(message, this.options.service)
  }

  get canPublish(): boolean {
    return this.#publisher.session !== undefined && !this.#publisher.isBlocked
  }

  get isConsuming(): boolean {
    return this.#consumer === undefined || this.#consumer.isSubscribed
  }

  get trouble(): string | undefined {
    return this.#publisher.trouble ?? this.#consumer?.trouble ?? (this.#publisher.isBlocked ? 'blocked' : undefined)
  }

  async stopConsuming(): Promise<void> {
    await this.#consumer?.stopConsuming()
  }

  async close(): Promise<void> {
    await Promise.all([this.#publisher.close(), this.#consumer?.close()])
  }
}
