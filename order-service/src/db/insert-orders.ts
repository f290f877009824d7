import { createHash } from 'node:crypto'
import { type Id, idBefore, type OrderLine, statement, type Tx } from '@order-saga/common'
import { COLUMNS, type OrderRecord, type OrderRow, toOrder } from './order-row'

/** An order as a request asks for it. */
export interface NewOrder {
  readonly id: Id
  readonly customerId: Id
  readonly lines: readonly OrderLine[]
  readonly currency: string
  readonly expectedTotalMinor: number | null
  readonly paymentToken: string
  readonly fromCart: boolean
  readonly idempotencyKey: string | null
  readonly fingerprint: Buffer
  readonly createdEventId: Id
  readonly correlationId: Id
  readonly traceparent: string | null
}

const insert = statement<OrderRow>(
  'orders-insert',
  `WITH asked AS (
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::json[], $4::text[], $5::bigint[], $6::text[], $7::boolean[], $8::text[], $9::bytea[],
       $10::uuid[], $11::uuid[], $12::text[])
       AS n(id, customer_id, lines, currency, expected_total_minor, payment_token, from_cart, idempotency_key, fingerprint,
         created_event_id, correlation_id, traceparent)
   ), placed AS (
     INSERT INTO orders (id, customer_id, status, lines, currency, expected_total_minor, payment_token, from_cart, deadline_at,
       idempotency_key, fingerprint, created_event_id, correlation_id, traceparent)
     SELECT id, customer_id, 'pending', lines, currency, expected_total_minor, payment_token, from_cart, now() + $13 * interval '1 ms',
       idempotency_key, fingerprint, created_event_id, correlation_id, traceparent FROM asked
     WHERE $14 = 0 OR $14 > (SELECT count(*) FROM orders AS earlier
       WHERE earlier.customer_id = asked.customer_id AND earlier.id > $15 AND earlier.status = 'pending')
     ON CONFLICT (customer_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
     RETURNING ${COLUMNS}
   ), logged AS (
     INSERT INTO order_transitions (order_id, version, to_status, refund) SELECT id, version, status, refund FROM placed
   )
   SELECT * FROM placed`,
)

export interface OrderLimits {
  readonly deadlineMs: number
  /** Of a customer; 0: any number. */
  readonly maxOpen: number
}

// by now even a slow sweep has ended them: a customer's thousand old orders are not looked at
const SWEPT_AFTER_MS = 60_000

/**
 * Inserts orders, one of a customer at most, in the given sequence. Left out of the answer is one whose key is taken,
 * and one whose customer has as many open orders already as are allowed.
 */
export async function insertOrders(
  tx: Tx,
  orders: readonly NewOrder[],
  { deadlineMs, maxOpen }: OrderLimits,
): Promise<OrderRecord[]> {
  const column = <T>(pick: (order: NewOrder) => T) => orders.map(pick)
  const rows = await tx.query(insert, [
    column(({ id }) => id),
    column(({ customerId }) => customerId),
    column(({ lines }) => JSON.stringify(lines)),
    column(({ currency }) => currency),
    column(({ expectedTotalMinor }) => expectedTotalMinor),
    column(({ paymentToken }) => paymentToken),
    column(({ fromCart }) => fromCart),
    column(({ idempotencyKey }) => idempotencyKey),
    column(({ fingerprint }) => fingerprint),
    column(({ createdEventId }) => createdEventId),
    column(({ correlationId }) => correlationId),
    column(({ traceparent }) => traceparent),
    deadlineMs,
    maxOpen,
    idBefore(Date.now() - deadlineMs - SWEPT_AFTER_MS),
  ])
  return rows.map(toOrder)
}

/** Tells two requests apart: SHA-256 over route and canonical body (RFC 8785 for the JSON this API takes). */
export const fingerprintOf = (route: string, body: unknown): Buffer =>
  createHash('sha256')
    .update(`${route}\n${canonical(body)}`)
    .digest()

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}

const byKey = statement<OrderRow & { fingerprint: Buffer }>(
  'order-by-key',
  `SELECT ${COLUMNS}, fingerprint FROM orders WHERE customer_id = $1 AND idempotency_key = $2`,
)

export interface KeyedOrder {
  readonly order: OrderRecord
  readonly fingerprint: Buffer
}

/** The order an idempotency key belongs to. */
export async function findByKey(db: Pick<Tx, 'query'>, customerId: Id, key: string): Promise<KeyedOrder | undefined> {
  const [row] = await db.query(byKey, [customerId, key])
  return row && { order: toOrder(row), fingerprint: row.fingerprint }
}
