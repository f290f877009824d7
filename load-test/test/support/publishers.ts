import { type Envelope, type Id, newId, type ServiceName, silent } from '@order-saga/common'
import { eventually, type TestBroker } from '@order-saga/common/testing'
import { CONTENT_TYPE } from '../../../common/src/contracts/envelope'
import { RabbitBus } from '../../../common/src/messaging/rabbit-bus'

/** The same fact told again: a new event that names the first. */
export const repeatOf = (event: Envelope): Envelope => ({ ...event, id: newId(), repeats: event.repeats ?? event.id })

/** Publishes by hand as any service, with that service's own broker user and its rights. */
export class Publishers {
  readonly #buses = new Map<ServiceName, RabbitBus>()
  /** What was told by hand, by id: no outbox may have it. */
  readonly byHand = new Map<Id, Envelope>()

  constructor(private readonly broker: TestBroker) {}

  /** Resolves when the broker has them. */
  async publish(...events: Envelope[]): Promise<void> {
    for (const event of events) await this.#publishOne(event)
    for (const event of events) this.byHand.set(event.id, event)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#buses.values()].map((bus) => bus.close()))
  }

  async #publishOne(event: Envelope): Promise<void> {
    const bus = await this.#busOf(event.source as ServiceName)
    const body = Buffer.from(JSON.stringify(event))
    await bus.publish({ routingKey: event.type, contentType: CONTENT_TYPE.lone, messageId: event.id, body })
  }

  async #busOf(service: ServiceName): Promise<RabbitBus> {
    const known = this.#buses.get(service)
    const bus = known ?? new RabbitBus({ service, url: this.broker.urlOf(service), heartbeatS: 30, log: silent })
    if (!known) {
      this.#buses.set(service, bus)
      bus.start(undefined)
    }
    await eventually(() => {
      if (!bus.canPublish) throw new Error(`cannot publish as ${service}: ${bus.trouble}`)
    })
    return bus
  }
}
