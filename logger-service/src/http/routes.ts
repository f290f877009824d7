import { type App, callerOf, type Database, ProblemBody } from '@order-saga/common'
import { findEvents } from '../db/journal-entity'
import { countOrders, latestOrders } from '../db/orders'
import { tellJourney } from '../use-cases/tell-journey'
import {
  EventList,
  EventQuery,
  JourneyList,
  JourneyQuery,
  JourneyView,
  OrderParams,
  StatisticsQuery,
  StatisticsView,
} from './schemas'

const refusals = { 400: ProblemBody, 401: ProblemBody, 403: ProblemBody }
const customer = { access: 'customer' } as const
const admin = { access: 'admin' } as const

/** Everything people may ask this service for. */
export function routes(app: App, database: Database): void {
  app.get(
    '/orders/:id/journey',
    {
      config: customer,
      schema: {
        tags: ['journeys'],
        summary: 'What happened to an order of mine, who did it and why, and what is expected next',
        params: OrderParams,
        response: { 200: JourneyView, ...refusals, 404: ProblemBody },
      },
    },
    (request) => tellJourney(database, callerOf(request), request.params.id),
  )

  app.get(
    '/journeys',
    {
      config: admin,
      schema: {
        tags: ['journeys'],
        summary: 'The latest orders and how they ended',
        querystring: JourneyQuery,
        response: { 200: JourneyList, ...refusals },
      },
    },
    async ({ query: { limit = 50 } }) => ({ journeys: await latestOrders(database, limit) }),
  )

  app.get(
    '/events',
    {
      config: admin,
      schema: {
        tags: ['journal'],
        summary: 'The journal, newest first; before=<id of the last one> asks for the next page',
        querystring: EventQuery,
        response: { 200: EventList, ...refusals },
      },
    },
    async ({ query }) => ({ events: await findEvents(database, query) }),
  )

  app.get(
    '/statistics',
    {
      config: admin,
      schema: {
        tags: ['journeys'],
        summary: 'Orders placed and ended in the last minutes, and how long they took',
        querystring: StatisticsQuery,
        response: { 200: StatisticsView, ...refusals },
      },
    },
    ({ query: { minutes = 60 } }) => countOrders(database, minutes),
  )
}
