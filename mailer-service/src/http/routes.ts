import { type App, callerOf, type Database, ProblemBody } from '@order-saga/common'
import { latestMails } from '../db/mail-entity'
import { AdminMailList, AdminMailQuery, MailList, MailQuery } from './schemas'

const refusals = { 400: ProblemBody, 401: ProblemBody, 403: ProblemBody }

/** Everything people may ask this service for. */
export function routes(app: App, database: Database): void {
  app.get(
    '/mails',
    {
      config: { access: 'customer' },
      schema: {
        tags: ['mails'],
        summary: 'What was or will be mailed to me, newest first',
        querystring: MailQuery,
        response: { 200: MailList, ...refusals },
      },
    },
    async (request) => ({
      mails: await latestMails(database, { userId: callerOf(request).userId }, request.query),
    }),
  )

  app.get(
    '/admin/mails',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['mails'],
        summary: 'Mails of everybody, newest first; state=failed are those that nobody will get',
        querystring: AdminMailQuery,
        response: { 200: AdminMailList, ...refusals },
      },
    },
    async ({ query: { state, ...page } }) => ({ mails: await latestMails(database, state ? { state } : {}, page) }),
  )
}
