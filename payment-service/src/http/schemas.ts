import {
  Currency,
  exampleIds,
  Id,
  lines,
  Minor,
  OneOf,
  PaymentFailure,
  PricedLine,
  Text,
  UtcTime,
} from '@order-saga/common'
import Type, { type TSchema } from 'typebox'
import { paymentStates } from '../domain'

const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const State = Type.Enum([...paymentStates])
const RefundBy = OneOf('cancellation', 'administrator')

const OrderIdParams = Type.Object({ orderId: Id }, { additionalProperties: false })

const filters = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  before: Type.Optional(Id),
  state: Type.Optional({ ...State, description: 'only in this state' }),
  refundBy: Type.Optional({ ...RefundBy, description: 'only those refunded for this' }),
}
const ListQuery = Type.Object(filters, { additionalProperties: false })
const AdminListQuery = Type.Object(
  {
    ...filters,
    customerId: Type.Optional({ ...Id, description: 'only of this customer' }),
    attention: Type.Optional({ ...OneOf('needed'), description: 'only those that a person should look at' }),
  },
  { additionalProperties: false },
)

const RefundRequestBody = Type.Object(
  { reason: Text(200) },
  { additionalProperties: false, examples: [{ reason: 'broken on arrival' }] },
)

export const PaymentBody = Type.Object({
  orderId: Id,
  state: State,
  lines: Nullable(lines(PricedLine)),
  totalMinor: Nullable(Minor),
  currency: Nullable(Currency),
  reason: Nullable(PaymentFailure),
  refundBy: Nullable(RefundBy),
  createdAt: UtcTime,
  updatedAt: UtcTime,
})

export const AdminPaymentBody = Type.Object({
  ...PaymentBody.properties,
  customerId: Nullable(Id),
  cancel: Type.Boolean(),
  chargeId: Nullable(Type.String()),
  refundReason: Nullable(Type.String()),
  needsAttention: Nullable(OneOf('captured_after_verdict', 'outcome_unknown')),
  attempts: Type.Integer(),
  nextAttemptAt: Nullable(UtcTime),
  lastError: Nullable(Type.String()),
})

const page = <S extends TSchema>(item: S) => Type.Object({ items: Type.Array(item), next: Nullable(Type.String()) })
/** Only what never changes any more, so that asking twice is answered the same to the letter. */
const RefundBody = Type.Object({
  orderId: Id,
  totalMinor: Minor,
  currency: Currency,
  refundBy: RefundBy,
  reason: Nullable(Type.String()),
})

const name = Type.String({ minLength: 1, maxLength: 255 })
/** As far as we read it; a provider adds to its webhooks without asking. */
const WebhookBody = Type.Object(
  { id: name, type: name, reference: name, amountMinor: Minor, currency: Currency },
  {
    examples: [
      { id: 'evt_1', type: 'charge.succeeded', reference: exampleIds.orderId, amountMinor: 6980, currency: 'EUR' },
    ],
  },
)

const tags = ['payments']

export const listOwnSchema = {
  tags,
  summary: 'Your payments, newest first, also by state or who had them refunded',
  querystring: ListQuery,
  response: { 200: page(PaymentBody) },
}

export const getOwnSchema = {
  tags,
  summary: 'What became of the money of an order of yours',
  params: OrderIdParams,
  response: { 200: PaymentBody },
  refusals: { 404: ['not-found'] },
}

export const listAllSchema = {
  tags,
  summary: 'All payments, newest first, also by state, customer, who had them refunded, or need of a person',
  querystring: AdminListQuery,
  response: { 200: page(AdminPaymentBody) },
}

export const refundSchema = {
  tags,
  summary: 'Give the money of a paid order back',
  description: 'Its stock stays sold. 202 when the refund begins; asking again changes nothing and answers 200.',
  params: OrderIdParams,
  body: RefundRequestBody,
  response: { 200: RefundBody, 202: RefundBody },
  refusals: { 404: ['not-found'], 409: ['not-settled-yet', 'nothing-captured'] },
}

export const webhookSchema = {
  tags: ['webhooks'],
  summary: 'The payment provider says that something became of a payment',
  description:
    'Signed with `t=<seconds since 1970>,v1=<hex>`: the HMAC-SHA-256 of `<t>.<body>`. What it says is not believed, but ' +
    'a reason to ask the provider at once. A repeat, and whatever is not ours, is 200 and without effect.',
  headers: Type.Object({ 'webhook-signature': Type.String({ description: 'as above' }) }),
  body: WebhookBody,
  response: { 200: Type.Object({ received: Type.Literal(true) }) },
  refusals: { 401: ['bad-signature'] },
}
