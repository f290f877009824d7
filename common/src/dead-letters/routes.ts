import { callerOf } from '../http/access'
import type { App } from '../http/build-app'
import { traceparentOfRequest } from '../http/trace-requests'
import type { DeadLetters } from './dead-letters'
import { maskedContent } from './masked'
import {
  backlogSchema,
  discardLetterSchema,
  getLetterSchema,
  listActionsSchema,
  listLettersSchema,
  redriveLetterSchema,
} from './schemas'

const config = { access: 'admin' } as const

/** Every service has these: a dead letter is settled where it failed, and nowhere else. */
export function deadLetterRoutes(app: App, letters: DeadLetters, redriveRefusals: readonly string[] = []): void {
  app.get('/admin/backlog', { config, schema: backlogSchema }, () => letters.backlog())

  app.get('/admin/dead-letter-actions', { config, schema: listActionsSchema }, async ({ query }) => ({
    actions: await letters.actions(query),
  }))

  app.get('/admin/dead-letters', { config, schema: listLettersSchema }, ({ query }) => letters.list(query))

  app.get('/admin/dead-letters/:id', { config, schema: getLetterSchema }, async ({ params }) => {
    const { letter, actions } = await letters.find(params.id)
    const { routingKey = null, contentType = null } = letter.properties
    return { ...letter, routingKey, contentType, content: maskedContent(letter), actions }
  })

  const redrive = redriveLetterSchema(redriveRefusals)
  app.post('/admin/dead-letters/:id/redrive', { config, schema: redrive }, async (request) => {
    const { id } = request.params
    const traceparent = traceparentOfRequest(request)
    const instruction = { actor: callerOf(request).userId, why: request.body.reason, traceparent }
    const redriven = await letters.redrive(id, instruction)
    request.log.info({ letter: id, outcome: redriven.outcome }, 'dead letter redriven')
    return { id, ...redriven }
  })

  app.post('/admin/dead-letters/:id/discard', { config, schema: discardLetterSchema }, async (request) => {
    const { id } = request.params
    await letters.discard(id, { actor: callerOf(request).userId, why: request.body.reason })
    request.log.info({ letter: id }, 'dead letter discarded')
    return { id, outcome: 'discarded' as const }
  })
}
