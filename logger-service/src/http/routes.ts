import { type App, callerOf, type Database, notFound } from '@order-saga/common'
import type { BrokerView } from '../broker-view'
import { findEvent, findEvents } from '../db/events'
import { findJourneys, type JourneyFilter } from '../db/journeys'
import { findLines } from '../db/log-lines'
import { countOrders } from '../db/statistics'
import { STUCK_AFTER_MS } from '../domain/stuck'
import type { Follow } from '../use-cases/follow'
import { tellJourney } from '../use-cases/tell-journey'
import { journeyView } from './journey-view'
import { idsBeginning, pageOf } from './page'
import {
  EventList,
  EventParams,
  EventQuery,
  EventView,
  JourneyList,
  JourneyQuery,
  JourneyView,
  LineList,
  LineQuery,
  OrderParams,
  StatisticsQuery,
  StatisticsView,
} from './schemas'
import { streamRoutes } from './stream-routes'

const customer = { access: 'customer' } as const
const admin = { access: 'admin' } as const
const PAGE = 50

export interface Watched {
  readonly database: Database
  readonly broker: BrokerView
  readonly follow: Follow
}

/** Everything people may ask this service for. */
export function routes(app: App, watched: Watched): void {
  const { database, follow } = watched
  app.get(
    '/orders/:id/journey',
    {
      config: customer,
      schema: {
        tags: ['journeys'],
        summary:
          'What happened to an order of mine, who did it and why, what is expected next and why it does not come',
        params: OrderParams,
        response: { 200: JourneyView },
        refusals: { 404: ['not-found'] },
      },
    },
    (request) => tellJourney(watched, callerOf(request), request.params.id),
  )

  app.get(
    '/journeys',
    {
      config: admin,
      schema: {
        tags: ['journeys'],
        summary:
          'Orders and how they stand, newest first; by status, reason, customer, age, or the beginning of the id',
        querystring: JourneyQuery,
        response: { 200: JourneyList },
      },
    },
    async ({ query: { limit = PAGE, stuck, q, ...filter } }) => {
      const stuckForS = stuck && STUCK_AFTER_MS / 1000
      const wanted: JourneyFilter = { ...filter, ...(stuckForS && { stuckForS }), ...(q && idsBeginning(q)) }
      const { rows, next } = pageOf(await findJourneys(database, wanted, limit), limit, ({ orderId }) => orderId)
      const now = new Date()
      return { journeys: rows.map((row) => journeyView(row, now)), next }
    },
  )

  app.get(
    '/events',
    {
      config: admin,
      schema: {
        tags: ['journal'],
        summary: 'The journal, newest first; by type, publisher, order, trace, request or time',
        querystring: EventQuery,
        response: { 200: EventList },
      },
    },
    async ({ query: { limit = PAGE, ...filter } }) => {
      const { rows, next } = pageOf(await findEvents(database, filter, limit), limit, ({ id }) => id)
      return { events: rows, next }
    },
  )

  app.get(
    '/events/:id',
    {
      config: admin,
      schema: {
        tags: ['journal'],
        summary: 'One event as it was published, personal and secret fields masked',
        params: EventParams,
        response: { 200: EventView },
        refusals: { 404: ['not-found'] },
      },
    },
    async ({ params: { id } }) => {
      const event = await findEvent(database, id)
      if (!event) throw notFound('event')
      return event
    },
  )

  app.get(
    '/logs',
    {
      config: admin,
      schema: {
        tags: ['journal'],
        summary: 'What services warned of, parked, buried, ignored and sent, newest first; some may be missing',
        querystring: LineQuery,
        response: { 200: LineList },
      },
    },
    async ({ query: { limit = PAGE, ...filter } }) => {
      const { rows, next } = pageOf(await findLines(database, filter, limit), limit, ({ id }) => id)
      return { lines: rows, next }
    },
  )

  app.get(
    '/statistics',
    {
      config: admin,
      schema: {
        tags: ['journeys'],
        summary: 'What became of the orders placed in the last minutes, how long it took, and each minute of it',
        querystring: StatisticsQuery,
        response: { 200: StatisticsView },
      },
    },
    ({ query: { minutes = 60 } }) => countOrders(database, minutes),
  )

  streamRoutes(app, follow)
}
