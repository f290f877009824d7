import type { Readable } from 'node:stream'
import {
  CancelReason,
  Currency,
  carrying,
  Details,
  headersCalled,
  Id,
  KnownLine,
  MAX_LINES,
  Minor,
  OneOf,
  OrderLine,
  RefundState,
  Text,
  UtcTime,
} from '@order-saga/common'
import Type from 'typebox'
import { stepNames } from '../domain/step'
import { IDEMPOTENCY_KEY } from './request-headers'

const strict = { additionalProperties: false }

const Line = Type.Object(OrderLine.properties, strict)

export const PlaceOrderBody = Type.Object(
  {
    /** Absent: the caller's cart. */
    items: Type.Optional(Type.Array(Line, { minItems: 1, maxItems: MAX_LINES })),
    paymentToken: Text(200),
    expectedTotalMinor: Type.Optional(Minor),
  },
  { ...strict, examples: [{ paymentToken: 'tok_visa' }] },
)

export const OrderParams = Type.Object({ id: Id })

const Links = Type.Object({ self: Type.String(), cancel: Type.String() })

const nullable = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])

export const Status = OneOf('pending', 'paid', 'cancelled')

export const AcceptedBody = Type.Object({
  id: Id,
  status: Type.Literal('pending'),
  createdAt: UtcTime,
  deadlineAt: UtcTime,
  pollAfterMs: Type.Integer({ description: 'ask again after this time' }),
  links: Links,
})

export const OrderBody = Type.Object({
  id: Id,
  status: Status,
  lines: Type.Array(KnownLine),
  totalMinor: nullable(Minor),
  currency: Currency,
  reason: nullable(CancelReason),
  details: Details,
  refund: RefundState,
  version: Type.Integer(),
  createdAt: UtcTime,
  updatedAt: UtcTime,
  deadlineAt: UtcTime,
  pollAfterMs: Type.Optional(Type.Integer()),
  links: Links,
})

export const AdminOrderBody = Type.Object({
  ...OrderBody.properties,
  customerId: Id,
  expectedTotalMinor: nullable(Minor),
  fromCart: Type.Boolean(),
  correlationId: Id,
})

const filters = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  before: Type.Optional(Id),
  status: Type.Optional({ ...Status, description: 'only with this status' }),
  reason: Type.Optional({ ...CancelReason, description: 'only those cancelled for this reason' }),
  refund: Type.Optional({ ...RefundState, description: 'only with this much given back' }),
}

// what a column of type integer holds, about sixty years
const AgeS = (description: string) => Type.Optional(Type.Integer({ minimum: 0, maximum: 2_000_000_000, description }))

export const OrderListQuery = Type.Object(filters, strict)

export const OrderSearchQuery = Type.Object(
  {
    ...filters,
    customerId: Type.Optional({ ...Id, description: 'only of this customer' }),
    minAgeS: AgeS('placed so many seconds ago, or earlier'),
    maxAgeS: AgeS('placed so many seconds ago, or later'),
  },
  strict,
)

const page = <S extends Type.TSchema>(item: S) =>
  Type.Object({ items: Type.Array(item), next: nullable(Type.String()) })
export const OrderListBody = page(OrderBody)
export const OrderSearchBody = page(AdminOrderBody)

const TimelineEntry = Type.Object({
  step: OneOf(...stepNames),
  at: UtcTime,
  version: Type.Integer({ description: 'of the order, from this step on' }),
  status: Status,
  refund: RefundState,
  reason: nullable(CancelReason),
})
export const TimelineBody = Type.Object({ orderId: Id, steps: Type.Array(TimelineEntry) })

const notFound = { 404: ['not-found'] }

export const placeOrderSchema = {
  tags: ['orders'],
  summary: 'Order the given items, or the cart',
  description:
    'Answers 202 at once; poll the Location until the status is paid or cancelled. Send an Idempotency-Key. Who has too many orders open is refused (409 `too-many-open-orders`).',
  headers: Type.Object({
    'idempotency-key': Type.Optional(Type.String({ pattern: IDEMPOTENCY_KEY })),
  }),
  body: PlaceOrderBody,
  response: { 202: carrying(AcceptedBody, 'Location', 'Retry-After', 'Idempotency-Replayed') },
  refusals: {
    409: ['cart-empty', 'too-many-open-orders', 'idempotency-in-progress'],
    422: ['idempotency-key-reused'],
    503: ['cart-unavailable'],
  },
}

// sent as null it would be announced as four bytes long, which HTTP forbids (RFC 9110, section 8.6)
const NoBody = Type.Unsafe<undefined>(Type.Null())

export const getOrderSchema = {
  tags: ['orders'],
  summary: 'Status and content of an order',
  description:
    'ETag and If-None-Match answer 304 while nothing changes; `Prefer: wait=10` holds the request until the order has ended.',
  params: OrderParams,
  headers: Type.Object({
    'if-none-match': Type.Optional(
      Type.String({ description: 'the ETag of what is known: 304 while that is current' }),
    ),
    prefer: Type.Optional(Type.String({ description: '`wait=10`: hold the request so many seconds, 20 at most' })),
  }),
  response: {
    200: carrying(OrderBody, 'ETag', 'Cache-Control', 'Retry-After', 'Preference-Applied'),
    304: carrying(NoBody, 'ETag', 'Cache-Control', 'Retry-After', 'Preference-Applied'),
  },
  refusals: notFound,
}

export const listOrdersSchema = {
  tags: ['orders'],
  summary: 'Own orders, newest first, also by status, reason or refund',
  querystring: OrderListQuery,
  response: { 200: OrderListBody },
}

export const cancelOrderSchema = {
  tags: ['orders'],
  summary: 'Cancel a pending order',
  params: OrderParams,
  response: { 200: OrderBody },
  refusals: { ...notFound, 409: ['order-not-cancellable'] },
}

export const timelineSchema = {
  tags: ['orders'],
  summary: 'Every step an order has taken, the first one first',
  params: OrderParams,
  response: { 200: TimelineBody },
  refusals: notFound,
}

const EventStream = {
  description: 'events `order`, each with the version of the order as its id and the order as its data',
  headers: headersCalled(['X-Accel-Buffering']),
  content: { 'text/event-stream': { schema: Type.Unsafe<Readable | string>(Type.String()) } },
}

export const orderEventsSchema = {
  tags: ['orders'],
  summary: 'What becomes of an order, as it happens',
  description:
    'Server-sent events: the order as it is, and again with each change, until it has ended; a comment every 15 seconds. ' +
    'A stream lasts a minute at most; come again with Last-Event-ID. Who has seen how it ended is answered 204, and stops. ' +
    'Five streams a customer (429 `too-many-streams`).',
  params: OrderParams,
  headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 100 })) }),
  response: { 200: EventStream, 204: NoBody },
  refusals: { ...notFound, 429: ['too-many-streams'], 503: ['streams-exhausted'] },
}

export const searchOrdersSchema = {
  tags: ['orders'],
  summary: 'Orders of everybody, newest first, also by status, reason, refund, age or customer',
  querystring: OrderSearchQuery,
  response: { 200: OrderSearchBody },
}
