import { Management, messageOf, segment, splitUrls } from '@order-saga/common'

export interface QueueView {
  readonly ready: number
  readonly unacknowledged: number
  readonly consumers: number
}

/** What the broker's management API shows, a second old at most besides the broker's own delay. */
export type Sight =
  | { readonly isReachable: true; readonly at: Date; readonly queues: ReadonlyMap<string, QueueView> }
  /** Nobody can say then who is consuming. */
  | { readonly isReachable: false; readonly why: string }

interface Queue {
  readonly name: string
  readonly messages_ready?: number
  readonly messages_unacknowledged?: number
}
interface Consumer {
  readonly queue: { readonly name: string }
  readonly channel_details: { readonly name?: string }
}

const CACHED_MS = 1_000
const PATIENCE_MS = 2_000

/** Looks at queues and consumers, as a user that may do nothing else. Whoever asks at the same time shares one look. */
export class BrokerView {
  readonly #management: Management | undefined
  readonly #vhost: string
  #last: { readonly sight: Promise<Sight>; readonly atMs: number } | undefined

  constructor({ managementUrl, amqpUrl }: { managementUrl: string; amqpUrl: string }) {
    this.#management = managementUrl === '' ? undefined : new Management(managementUrl, PATIENCE_MS)
    this.#vhost = vhostOf(amqpUrl)
  }

  /** Never rejects: without the broker it says so. */
  look(): Promise<Sight> {
    const nowMs = performance.now()
    if (!this.#last || nowMs - this.#last.atMs > CACHED_MS) this.#last = { sight: this.#look(), atMs: nowMs }
    return this.#last.sight
  }

  async #look(): Promise<Sight> {
    if (!this.#management) return { isReachable: false, why: 'SHOP_MANAGEMENT_URL is not set' }
    try {
      return { isReachable: true, at: new Date(), queues: await this.#queues(this.#management) }
    } catch (error) {
      return { isReachable: false, why: whyNot(error) }
    }
  }

  async #queues(management: Management): Promise<ReadonlyMap<string, QueueView>> {
    const vhost = segment(this.#vhost)
    const [queues, consumers] = await Promise.all([
      management.get<Queue[]>(`/queues/${vhost}`),
      management.get<Consumer[]>(`/consumers/${vhost}`),
    ])
    const counts = new Map<string, number>()
    // RabbitMQ 3.10 goes on listing consumers of a channel that is gone
    for (const { queue, channel_details: channel } of consumers)
      if (channel.name !== undefined) counts.set(queue.name, (counts.get(queue.name) ?? 0) + 1)
    return new Map(
      queues.map(({ name, messages_ready: ready = 0, messages_unacknowledged: unacknowledged = 0 }) => [
        name,
        { ready, unacknowledged, consumers: counts.get(name) ?? 0 },
      ]),
    )
  }
}

/** Of a cluster the same in every URL. */
export function vhostOf(amqpUrl: string): string {
  const [first = amqpUrl] = splitUrls(amqpUrl)
  return decodeURIComponent(new URL(first).pathname.slice(1)) || '/'
}

/** In words anybody may read: the network's name hosts. */
const whyNot = (error: unknown): string =>
  /: 40[13] /.test(messageOf(error)) ? 'the broker refuses its onlooker' : "the broker's management API does not answer"
