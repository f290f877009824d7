import { type App, callerOf, Problem } from '@order-saga/common'
import type { ServiceLetters } from '../peers/service-letters'
import {
  actionsSchema,
  discardSchema,
  groupsSchema,
  letterSchema,
  lettersSchema,
  redriveSchema,
} from './dead-letter-schemas'

const config = { access: 'admin' } as const

/** The dead letters of all services. Whatever is done is done, and recorded, by the service that holds the letter. */
export function deadLettersRoutes(app: App, letters: ServiceLetters): void {
  app.get('/dead-letters', { config, schema: groupsSchema }, (request) => letters.groups(callerOf(request).token))

  app.get('/dead-letters/:service', { config, schema: lettersSchema }, async (request) => {
    const { items, next } = await letters.list(request.params.service, request.query, callerOf(request).token)
    return { letters: items, next }
  })

  app.get('/dead-letters/:service/:id', { config, schema: letterSchema }, (request) =>
    letters.find(request.params.service, request.params.id, callerOf(request).token),
  )

  app.post('/dead-letters/:service/redrive', { config, schema: redriveSchema }, async (request) => {
    const { token } = callerOf(request)
    const { service } = request.params
    const { ids, why, ...query } = request.body
    const settling = { action: 'redrive', why } as const
    if ((ids === undefined) === (query.reason === undefined))
      throw new Problem(400, 'validation', 'Name either ids or a reason.')
    if (!ids) return letters.settleAll(service, query, settling, token)
    return { ...(await letters.settle(service, ids, settling, token)), next: null }
  })

  app.post('/dead-letters/:service/discard', { config, schema: discardSchema }, (request) => {
    const { ids, why } = request.body
    return letters.settle(request.params.service, ids, { action: 'discard', why }, callerOf(request).token)
  })

  app.get('/dead-letter-actions', { config, schema: actionsSchema }, async (request) => {
    const { actions, ...rest } = await letters.actions(request.query, callerOf(request).token)
    return { actions: actions.map(({ actor: who, actedAt: at, ...action }) => ({ ...action, who, at })), ...rest }
  })
}
