import type { Id } from '../schemas'

export interface OutgoingMessage {
  readonly routingKey: string
  readonly contentType: string
  /** The event's id, or for a batch a fresh one that is never used for dedup. */
  readonly messageId: Id
  readonly body: Buffer
}

/** `unroutable`: the broker took it and no queue wanted it. */
export type Confirmation = 'confirmed' | 'unroutable'

export interface Delivery {
  readonly body: Buffer
  readonly routingKey: string
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  readonly messageId: string | undefined
  /** The broker-verified publisher. */
  readonly brokerUser: string | undefined
  /** How often the broker delivered it before. */
  readonly deliveryCount: number
  /** From `<service>.dead`: the broker itself gave up on it. */
  readonly isBrokerDead: boolean
  readonly headers: Readonly<Record<string, unknown>>
  /** Settles this delivery and every earlier one. Without effect once its channel is gone. */
  ackUpTo(): void
  /** Returns whatever is unsettled to the queue by ending the session: each such return counts as a delivery. */
  giveBack(reason: string): void
}

export interface DeliveryHandler {
  deliver(delivery: Delivery): void
  /** The channel is gone: whatever was not settled will be delivered again. */
  reset(): void
  /** Deliveries not settled yet. */
  readonly unsettled: number
  /** false: a server it needs has been away for long. It is subscribed again once this is true. */
  readonly isReady: boolean
}

/** What the pipeline needs from a message broker: RabbitMQ, or in tests of schedules one in memory. */
export interface Bus {
  /** Connects and keeps connected; resolves at once, with the broker away as well. */
  start(handler: DeliveryHandler | undefined): void
  /** Resolves when the broker has the message. Rejects when that is unknown: publish again, with the same ids. */
  publish(message: OutgoingMessage): Promise<Confirmation>
  readonly canPublish: boolean
  readonly isConsuming: boolean
  /** Why it is not ready, for people. */
  readonly trouble: string | undefined
  /** No further deliveries; what is unsettled stays settleable. */
  stopConsuming(): Promise<void>
  close(): Promise<void>
}
