import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Following } from '../use-cases/follow'

// a browser that was hung up on comes again after so many milliseconds
const RETRY = 'retry: 1000\n\n'
const HEARTBEAT = ': nothing new\n\n'

export const lastSeenOf = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined

/** Server-sent events (WHATWG HTML, section 9.2): the id of the last of several says where a stream goes on. */
export function eventStream<Row>(
  request: FastifyRequest,
  following: Following<Row>,
  { event, view }: { event: string; view: (row: Row) => unknown },
): Readable | string {
  async function* lines(): AsyncGenerator<string> {
    yield RETRY
    for await (const { position, rows } of following.news(request.signal)) {
      const told = rows.map((row) => `event: ${event}\ndata: ${JSON.stringify(view(row))}\n`)
      yield told.length > 0 ? `${told.join('\n')}id: ${position}\n\n` : HEARTBEAT
    }
  }
  const stream = Readable.from(lines())
  stream.once('close', () => following.stop())
  if (request.method !== 'HEAD') return stream
  stream.destroy()
  return ''
}

/**
 * Proxies that collect an answer before they hand it on would make it worthless; and a connection that is kept after a
 * stream which was let go holds up the end of the process.
 */
export const asEventStream = (reply: FastifyReply): void =>
  void reply.type('text/event-stream').header('x-accel-buffering', 'no').header('connection', 'close')
