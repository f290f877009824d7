import type { Readable } from 'node:stream'
import { type App, headersCalled } from '@order-saga/common'
import Type from 'typebox'
import { type EventRow, eventNews } from '../db/events'
import { journeyNews } from '../db/journeys'
import type { Follow } from '../use-cases/follow'
import { asEventStream, eventStream, lastSeenOf } from './event-stream'
import { journeyView } from './journey-view'
import { StreamHeaders } from './schemas'

const config = { access: 'admin' } as const
const EventStream = {
  headers: headersCalled(['X-Accel-Buffering']),
  content: { 'text/event-stream': { schema: Type.Unsafe<Readable | string>(Type.String()) } },
}
const description =
  'Server-sent events. A comment every 15 seconds when nothing is new; a stream lasts five minutes at most, come again ' +
  'with Last-Event-ID. What was told last may be told again. Fifty streams an instance (503 `streams-exhausted`).'

/** What happens, as it happens, whichever instance hears of it. */
export function streamRoutes(app: App, follow: Follow): void {
  const schemaOf = (tag: string, summary: string) => ({
    tags: [tag],
    summary,
    description,
    headers: StreamHeaders,
    response: { 200: EventStream },
    refusals: { 503: ['streams-exhausted'] },
  })

  app.get(
    '/journeys/stream',
    { config, schema: schemaOf('journeys', 'Orders whenever they begin, move or end') },
    async (request, reply) => {
      const lastSeen = lastSeenOf(request.headers['last-event-id'])
      const following = follow.follow(journeyNews, ({ orderId }) => orderId, lastSeen)
      asEventStream(reply)
      return eventStream(request, following, {
        event: 'journey',
        view: (row) => journeyView(row, new Date()),
      })
    },
  )

  app.get(
    '/events/stream',
    { config, schema: schemaOf('journal', 'Events as they are written down') },
    async (request, reply) => {
      const lastSeen = lastSeenOf(request.headers['last-event-id'])
      const following = follow.follow(eventNews, ({ id }) => id, lastSeen)
      asEventStream(reply)
      return eventStream(request, following, { event: 'event', view: eventView })
    },
  )
}

const eventView = ({
  id,
  type,
  source,
  subject,
  orderId,
  occurredAt,
  correlationId,
  causationId,
  repeats,
  data,
}: EventRow) => ({
  id,
  type,
  source,
  subject,
  orderId,
  occurredAt,
  correlationId,
  causationId,
  repeats,
  data,
})
