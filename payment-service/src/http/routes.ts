import { type App, callerOf, type Database, type Id, nextPage, notFound } from '@order-saga/common'
import { findOwnPayment, listPayments } from '../db/find-payments'
import type { PaymentRecord } from '../db/payment-entity'
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
    const query = { limit: 20, ...request.query }
    const found = await listPayments(database, { ...query, customerId: callerOf(request).userId })
    return { items: found.map(toView), next: nextPage('/payments', idsOf(found), query) }
  })

  app.get('/payments/:orderId', { config: customer, schema: getOwnSchema }, async (request) => {
    const payment = await findOwnPayment(database, callerOf(request).userId, request.params.orderId)
    if (!payment) throw notFound('payment')
    return toView(payment)
  })

  app.get('/admin/payments', { config: admin, schema: listAllSchema }, async (request) => {
    const query = { limit: 20, ...request.query }
    const found = await listPayments(database, query)
    return { items: found.map(toAdminView), next: nextPage('/admin/payments', idsOf(found), query) }
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

const idsOf = (payments: readonly PaymentRecord[]): Id[] => payments.map(({ orderId }) => orderId)
