import { type App, type Database, OneOf, serviceNames } from '@order-saga/common'
import Type from 'typebox'
import { eventsPerMinute } from '../db/rates'
import { choreographyOf } from '../domain/choreography'

const config = { access: 'admin' } as const
const Service = OneOf(...serviceNames)

const Reader = Type.Object({
  service: Service,
  step: Type.String(),
  compensates: Type.Union([Type.String({ description: 'the step it undoes' }), Type.Null()]),
})

export const choreographySchema = {
  tags: ['choreography'],
  summary: 'Who tells what to whom, from the contracts, and how often in the last minute',
  response: {
    200: Type.Object({
      services: Type.Array(Type.Object({ service: Service, hearsEverything: Type.Boolean() })),
      events: Type.Array(
        Type.Object({
          type: Type.String(),
          version: Type.Integer(),
          publisher: Service,
          summary: Type.String(),
          audience: OneOf('participants', 'observers'),
          readers: Type.Array(Reader, { description: 'without the journal, which hears everything' }),
          perMinute: Type.Integer(),
        }),
      ),
    }),
  },
}

export function choreographyRoutes(app: App, database: Database): void {
  app.get('/choreography', { config, schema: choreographySchema }, async () =>
    choreographyOf(await eventsPerMinute(database)),
  )
}
