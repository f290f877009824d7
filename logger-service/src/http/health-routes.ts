import { type App, callerOf, OneOf, serviceNames, UtcTime } from '@order-saga/common'
import Type from 'typebox'
import type { ShopHealth } from '../health'

const nullable = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const Count = Type.Integer()
const Known = nullable(Count)
const Sentences = Type.Array(Type.String(), { description: 'what is not well, a sentence each' })

const ServiceState = Type.Object({
  service: OneOf(...serviceNames),
  isReachable: Type.Boolean(),
  isReady: Type.Boolean(),
  missing: Type.Array(Type.String()),
  alarms: Count,
  instances: Type.Union([Count, Type.Null()], { description: 'that consume; null: not known, or it hears nothing' }),
  consumers: Known,
  ready: Known,
  unacknowledged: Known,
  parked: Known,
  oldestParkedAt: nullable(UtcTime),
  deadLetters: Known,
  unsent: Known,
  oldestUnsentS: nullable(Type.Number()),
  problems: Sentences,
})

export const shopHealthSchema = {
  tags: ['operations'],
  summary: 'How services, queues and broker are, and what is not as it should be',
  description: 'null: not known, since whoever knows does not answer. That, too, is told and no failure.',
  response: {
    200: Type.Object({
      at: Type.Unsafe<Date>(UtcTime),
      isWell: Type.Boolean(),
      problems: Sentences,
      broker: Type.Object({
        isReachable: Type.Boolean(),
        why: Type.Union([Type.String(), Type.Null()]),
        differences: Type.Array(Type.String(), { description: 'from exchanges, queues and bindings the saga needs' }),
      }),
      services: Type.Array(ServiceState),
      queues: Type.Array(Type.Object({ name: Type.String(), ready: Count, unacknowledged: Count, consumers: Count })),
    }),
  },
}

export function shopHealthRoutes(app: App, health: ShopHealth): void {
  app.get('/health', { config: { access: 'admin' }, schema: shopHealthSchema }, (request) =>
    health.tell(callerOf(request).token),
  )
}
