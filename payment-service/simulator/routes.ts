import { Readable } from 'node:stream'
import { Faults } from '@order-saga/common/testing/faults'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { charge, chargesFor } from './charges'
import { carryOut, type FaultMode } from './faults'
import type { Entry } from './ledger'
import type { ChargeRequest, Provider, RefundRequest } from './provider'
import { answer, type Reaction, react } from './reaction'
import { refund } from './refunds'
import { byReference, chargeBody, faultBody, keyed, refundBody } from './schemas'
import type { WebhookMode, Webhooks } from './webhooks'

export interface Api {
  provider: Provider
  webhooks: Webhooks | undefined
  /** Time that an answer takes on top of the work. */
  latency: () => Promise<unknown>
}

interface Keyed<Request> {
  Headers: { 'idempotency-key': string }
  Body: Omit<Request, 'key'>
}

export function addRoutes(app: FastifyInstance, { provider, webhooks, latency }: Api): void {
  const faults = new Faults<FaultMode>()
  const handle = async (reply: FastifyReply, work: () => Reaction | Promise<Reaction>) => {
    const reaction = await carryOut(faults, async () => {
      const reaction = await work()
      await Promise.all([provider.ledger.durable(), latency()])
      return reaction
    })
    return react(reply, reaction)
  }

  app.post<Keyed<ChargeRequest>>('/v1/charges', { schema: { headers: keyed, body: chargeBody } }, (request, reply) =>
    handle(reply, () => charge(provider, { ...request.body, key: request.headers['idempotency-key'] })),
  )
  app.post<Keyed<RefundRequest>>('/v1/refunds', { schema: { headers: keyed, body: refundBody } }, (request, reply) =>
    handle(reply, () => refund(provider, { ...request.body, key: request.headers['idempotency-key'] })),
  )
  app.get<{ Querystring: { reference: string } }>(
    '/v1/charges',
    { schema: { querystring: byReference } },
    ({ query }, reply) => handle(reply, () => answer(200, { charges: chargesFor(provider, query.reference) })),
  )
  addObservation(app, provider)
  addControl(app, { provider, webhooks, faults })
}

function addObservation(app: FastifyInstance, { ledger }: Provider): void {
  app.get<{ Querystring: { reference?: string } }>('/v1/ledger', async ({ query }) => {
    await ledger.durable()
    return { entries: ledger.entries(query.reference) }
  })
  app.get<{ Params: { key: string } }>('/v1/keys/:key', async ({ params: { key } }, reply) =>
    ledger.find(key) ? { key } : reply.code(404).send({ error: 'unknown_key' }),
  )
  // a line for each entry, for readers who do not want all of them in memory
  app.get('/v1/ledger.ndjson', async (_request, reply) => {
    await ledger.durable()
    return reply.type('application/x-ndjson').send(Readable.from(linesOf(ledger.entries())))
  })
  app.get('/livez', async () => ({ status: 'ok' }))
}

function* linesOf(entries: readonly Entry[]): Generator<string> {
  const CHUNK = 1_000
  for (let start = 0; start < entries.length; start += CHUNK)
    yield entries
      .slice(start, start + CHUNK)
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join('')
}

interface Controlled extends Pick<Api, 'provider' | 'webhooks'> {
  readonly faults: Faults<FaultMode>
}

interface Control {
  readonly mode?: FaultMode
  readonly count?: number
  readonly forgetKeys?: boolean
  readonly webhooks?: WebhookMode
}

function addControl(app: FastifyInstance, { provider, webhooks, faults }: Controlled): void {
  app.post<{ Body: Control }>('/faults', { schema: { body: faultBody } }, async ({ body }) => {
    if (body.mode) faults.set(body.mode, body.count)
    if (body.forgetKeys) provider.ledger.forgetKeys()
    if (body.webhooks && webhooks) webhooks.mode = body.webhooks
    return body
  })
}
