import type { Faults } from '@order-saga/common/testing/faults'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { AuditTrail } from './audit-trail'
import { type FaultMode, faultModes } from './faults'
import { type Mail, snippetOf } from './mail'
import type { MailStore } from './mail-store'

interface Listing {
  Querystring: { query?: string; start?: number; limit?: number }
}
interface One {
  Params: { id: string }
}

const listing = {
  querystring: {
    type: 'object',
    properties: {
      query: { type: 'string' },
      start: { type: 'integer', minimum: 0, default: 0 },
      limit: { type: 'integer', minimum: 1, default: 50 },
    },
  },
}

/** The part of Mailpit's REST API that tests and demo use. */
export function addApi(app: FastifyInstance, store: MailStore): void {
  const list = async ({ query: { query, start = 0, limit = 50 } }: { query: Listing['Querystring'] }) =>
    summary(store, store.find(query), { start, limit })
  app.get<Listing>('/api/v1/messages', { schema: listing }, list)
  app.get<Listing>('/api/v1/search', { schema: listing }, list)
  app.get<One>('/api/v1/message/:id', ({ params }, reply) =>
    withMail(store, params.id, reply, (mail) => {
      store.markRead(mail)
      const { headers: _, Created: __, ...message } = mail
      return message
    }),
  )
  app.get<One>('/api/v1/message/:id/headers', ({ params }, reply) =>
    withMail(store, params.id, reply, ({ headers }) => headers),
  )
  app.delete<{ Body: { IDs?: string[] } | undefined }>('/api/v1/messages', async ({ body }, reply) => {
    store.remove(body?.IDs)
    return reply.type('text/plain').send('ok')
  })
  for (const path of ['/livez', '/readyz'])
    app.get(path, async (_request, reply) => reply.type('text/plain').send('ok'))
}

function withMail(store: MailStore, id: string, reply: FastifyReply, view: (mail: Mail) => object): unknown {
  const mail = store.get(id)
  return mail ? reply.send(view(mail)) : reply.code(404).send({ Error: 'message does not exist' })
}

function summary(store: MailStore, found: Mail[], { start, limit }: { start: number; limit: number }) {
  const messages = found.slice(start, start + limit).map((mail) => summaryOf(store, mail))
  const unread = (mails: Mail[]) => mails.filter((mail) => !store.isRead(mail)).length
  return {
    total: store.find().length,
    unread: unread(store.find()),
    count: messages.length,
    messages_count: found.length,
    messages_unread: unread(found),
    start,
    tags: [],
    messages,
  }
}

function summaryOf(store: MailStore, mail: Mail) {
  const { ID, MessageID, From, To, Cc, Bcc, ReplyTo, Subject, Created, Tags, Size } = mail
  const Snippet = snippetOf(mail)
  const Attachments = mail.Attachments.length
  const Read = store.isRead(mail)
  return { ID, MessageID, Read, From, To, Cc, Bcc, ReplyTo, Subject, Created, Tags, Size, Attachments, Snippet }
}

/** Every mail ever received, a line each: the inbox forgets the oldest. */
export function addAuditTrail(app: FastifyInstance, trail: AuditTrail): void {
  app.get('/received.ndjson', async (_request, reply) => reply.type('application/x-ndjson').send(trail.read()))
}

const faultBody = {
  type: 'object',
  required: ['mode'],
  properties: { mode: { enum: faultModes }, count: { type: 'integer', minimum: 1 } },
}

export function addFaultSwitch(app: FastifyInstance, faults: Faults<FaultMode>): void {
  app.post<{ Body: { mode: FaultMode; count?: number } }>(
    '/faults',
    { schema: { body: faultBody } },
    async ({ body }) => {
      faults.set(body.mode, body.count)
      return body
    },
  )
}
