import type { FastifyInstance, FastifyReply } from 'fastify'
import { listPage, mailPage } from './inbox-page'
import type { MailStore } from './mail-store'

const ownPages = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'"
// A mail's HTML comes from anybody: no scripts, no requests, no origin
const foreignPages = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

const html = (reply: FastifyReply, content: string, policy = ownPages) =>
  reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(content)

const missing = (reply: FastifyReply) => reply.code(404).type('text/plain').send('no such mail')

/** The mails for people to look at. */
export function addInbox(app: FastifyInstance, store: MailStore): void {
  app.get<{ Querystring: { query?: string } }>('/', async ({ query: { query = '' } }, reply) =>
    html(reply, listPage(store.find(query), query)),
  )
  app.get<{ Params: { id: string } }>('/view/:id', async ({ params }, reply) => {
    const [, id = '', kind] = /^(.*?)(\.html|\.txt)?$/.exec(params.id) ?? []
    const mail = store.get(id)
    if (!mail) return missing(reply)
    if (kind === '.html') return html(reply, mail.HTML, foreignPages)
    if (kind === '.txt') return reply.type('text/plain; charset=utf-8').send(mail.Text)
    store.markRead(mail)
    return html(reply, mailPage(mail))
  })
}
