import { type App, callerOf, type Database } from '@order-saga/common'
import { latestMails } from '../db/mail-entity'
import { obstacles } from '../domain/resend'
import { resendMail } from '../use-cases/resend-mail'
import { AdminMailList, AdminMailQuery, MailList, MailQuery, NameOfMail, Resend, Resent } from './schemas'

/** Everything people may ask this service for. `wake` is called when there may be something to send. */
export function routes(app: App, database: Database, wake: () => void): void {
  app.get(
    '/mails',
    {
      config: { access: 'customer' },
      schema: {
        tags: ['mails'],
        summary: 'What was or will be mailed to me, newest first',
        querystring: MailQuery,
        response: { 200: MailList },
      },
    },
    (request) => latestMails(database, { userId: callerOf(request).userId }, request.query),
  )

  app.get(
    '/admin/mails',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['mails'],
        summary: 'Mails of everybody, newest first; state=failed are those that nobody will get',
        querystring: AdminMailQuery,
        response: { 200: AdminMailList },
      },
    },
    ({ query: { state, ...page } }) => latestMails(database, state ? { state } : {}, page),
  )

  app.post(
    '/admin/mails/:subjectId/:kind/resend',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['mails'],
        summary: 'Send a mail once more, to the address that is known today',
        description:
          'One that was sent, or that the mail server refused for good. 409: it is still to be sent (`mail-is-due`), ' +
          'it held a code (`mail-not-kept`), or its recipient deleted the account (`recipient-forgotten`).',
        params: NameOfMail,
        body: Resend,
        response: { 202: Resent },
        refusals: { 404: ['not-found'], 409: [...obstacles] },
      },
    },
    async (request, reply) => {
      const { params, body, log } = request
      const name = { ...params, channel: body.channel ?? 'mail' }
      const wish = { actor: callerOf(request).userId, why: body.reason }
      await database.transaction((tx) => resendMail(tx, name, wish, wake))
      log.info({ ...name, actor: wish.actor }, 'mail is to be sent once more')
      return reply.code(202).send({ state: 'due' })
    },
  )
}
