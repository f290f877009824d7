import { Readable } from 'node:stream'
import type { OrderRecord } from '../db/order-row'
import type { Following } from '../use-cases/follow-orders'
import { toView } from './order-view'

// a browser that was hung up on comes again after so many milliseconds
const RETRY = 'retry: 1000\n\n'
const HEARTBEAT = ': nothing new\n\n'

const eventOf = (order: OrderRecord): string =>
  `id: ${order.version}\nevent: order\ndata: ${JSON.stringify(toView(order))}\n\n`

/** Server-sent events (WHATWG HTML, section 9.2): an event per change, its id the version of the order. */
export function eventStream(following: Following, hungUp: AbortSignal): Readable {
  async function* lines(): AsyncGenerator<string> {
    yield RETRY
    for await (const order of following.news(hungUp)) yield order ? eventOf(order) : HEARTBEAT
  }
  const stream = Readable.from(lines())
  stream.once('close', () => following.stop())
  return stream
}

/** What `Last-Event-ID` says was seen; 0: nothing, or nothing that we ever sent. */
export const lastSeenOf = (header: string | string[] | undefined): number =>
  /^\d{1,9}$/.test(String(header)) ? Number(header) : 0
