import { exampleIds, Minor, type Problem } from '@order-saga/common'
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Webhook } from '../domain'
import type { IsSigned } from '../provider/stripe/signature'
import { isRecent, notSigned, readSignature } from './webhook-signature'

const name = Type.String({ minLength: 1, maxLength: 255 })

/** A payment intent, a charge or a refund, as far as we read it; other events are about other things. */
const StripeObject = Type.Object({
  amount: Type.Optional(Minor),
  currency: Type.Optional(Type.String()),
  metadata: Type.Optional(Type.Object({ order_id: Type.Optional(Type.String()) })),
})

const StripeEventBody = Type.Object(
  { id: name, type: name, data: Type.Object({ object: StripeObject }) },
  {
    examples: [
      {
        id: 'evt_1',
        type: 'payment_intent.succeeded',
        data: { object: { amount: 6980, currency: 'eur', metadata: { order_id: exampleIds.orderId } } },
      },
    ],
  },
)

export const stripeWebhookSchema = {
  tags: ['webhooks'],
  summary: 'Stripe says that something became of a payment',
  description:
    'Signed as Stripe signs its events. What it says is not believed, but a reason to ask Stripe at once. A repeat, and ' +
    'whatever is not ours, is 200 and without effect.',
  headers: Type.Object({ 'stripe-signature': Type.String({ description: 'as Stripe makes it' }) }),
  body: StripeEventBody,
  response: { 200: Type.Object({ received: Type.Literal(true) }) },
  refusals: { 401: ['bad-signature'] },
}

export const fromStripe = ({ id, data: { object } }: Static<typeof StripeEventBody>): Webhook => ({
  id,
  reference: object.metadata?.order_id ?? '',
  amountMinor: object.amount ?? 0,
  currency: object.currency?.toUpperCase() ?? '',
})

/** Who is obviously nobody is turned away before the body is read; the rest is for Stripe's library to say. */
export const refuseUnsignedByStripe =
  (isSigned: IsSigned, secret: string) =>
  ({ headers }: FastifyRequest, body?: Buffer): Problem | undefined => {
    const header = String(headers['stripe-signature'])
    const signature = readSignature(header)
    if (!signature || !isRecent(signature, Date.now())) return notSigned()
    return body === undefined || isSigned(body, header, secret) ? undefined : notSigned()
  }
