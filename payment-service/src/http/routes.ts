import { type App, callerOf, type Database, type Id, notFound } from '@order-saga/common'
import { findOwnPayment, listOwnPayments, listPayments } from '../db/find-payments'
import type { PaymentRepository } from '../db/payment-repository'
import type { Webhook } from '../domain'
import type { IsSigned } from '../provider/stripe/signature'
import { refundPayment } from '../use-cases/refund-payment'
import { toAdminView, toView } from './payment-view'
import { getOwnSchema, listAllSchema, listOwnSchema, refundSchema, webhookSchema } from './schemas'
import { fromStripe, refuseUnsignedByStripe, stripeWebhookSchema } from './stripe-webhook'
import { refuseUnsigned } from './webhook-signature'

const customer = { access: 'customer' } as const
const admin = { access: 'admin' } as const

export interface Webhooks {
  /** Where Stripe is the provider: whether it sent them. */
  readonly isSignedByStripe: IsSigned | undefined
  readonly secret: string
  readonly hear: (webhook: Webhook) => Promise<unknown>
}

/** Everything people may ask of payment-service. Nobody can ask it to charge: a reservation alone leads to that. */
export function routes(app: App, database: Database, payments: PaymentRepository, webhooks: Webhooks): void {
  app.get('/payments', { config: customer, schema: listOwnSchema }, async (request) => {
    const { limit = 20, before } = request.query
    const found = await listOwnPayments(database, callerOf(request).userId, { limit, before })
    return { items: found.map(toView), next: nextPage('/payments', found, { limit }) }
  })

  app.get('/payments/:orderId', { config: customer, schema: getOwnSchema }, async (request) => {
    const payment = await findOwnPayment(database, callerOf(request).userId, request.params.orderId)
    if (!payment) throw notFound('payment')
    return toView(payment)
  })

  app.get('/admin/payments', { config: admin, schema: listAllSchema }, async (request) => {
    const { limit = 20, before, state } = request.query
    const found = await listPayments(database, state, { limit, before })
    return { items: found.map(toAdminView), next: nextPage('/admin/payments', found, { limit, state }) }
  })

  app.post('/admin/payments/:orderId/refund', { config: admin, schema: refundSchema }, async (request, reply) => {
    const order = { ...request.params, ...request.body, administratorId: callerOf(request).userId }
    const { refund, isNew } = await database.transaction((tx) => refundPayment(tx, payments, order))
    return reply.code(isNew ? 202 : 200).send(refund)
  })

  if (webhooks.isSignedByStripe) stripeWebhooks(app, webhooks, webhooks.isSignedByStripe)
  else providerWebhooks(app, webhooks)
}

// always answered the same: whatever came of it, the provider need not say it again
const received = { received: true } as const

function providerWebhooks(app: App, { secret, hear }: Webhooks): void {
  const provider = { access: 'public', refuseUnsigned: refuseUnsigned(secret) } as const
  app.post('/webhooks/provider', { config: provider, schema: webhookSchema }, async (request) => {
    await hear(request.body)
    return received
  })
}

function stripeWebhooks(app: App, { secret, hear }: Webhooks, isSigned: IsSigned): void {
  const stripe = { access: 'public', refuseUnsigned: refuseUnsignedByStripe(isSigned, secret) } as const
  app.post('/webhooks/stripe', { config: stripe, schema: stripeWebhookSchema }, async (request) => {
    await hear(fromStripe(request.body))
    return received
  })
}

function nextPage(path: string, found: { orderId: Id }[], query: { limit: number; state?: string | undefined }) {
  const last = found.length === query.limit ? found.at(-1) : undefined
  const filter = query.state ? `&state=${query.state}` : ''
  return last ? `${path}?limit=${query.limit}&before=${last.orderId}${filter}` : null
}
