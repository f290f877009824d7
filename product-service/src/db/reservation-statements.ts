import { type Id, statement } from '@order-saga/common'
import type { Reservation } from '../domain/reservation'
import type { ShelfProduct } from '../domain/shelf'

// The JSON of these rows is the domain's state, field by field: what was stored is read back exactly.

const RESERVATION = `json_strip_nulls(json_build_object(
  'orderId', order_id, 'state', state, 'customerId', customer_id, 'lines', lines, 'totalMinor', total_minor,
  'currency', currency, 'reason', reason, 'details', details, 'paymentToken', payment_token,
  'deadlineAt', to_char(deadline_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'answerId', answer_id
)) AS state`

export const insertAbsent = statement(
  'reservations-insert',
  `INSERT INTO reservations (order_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING`,
)

export const lockReservations = statement<{ state: Reservation }>(
  'reservations-lock',
  `SELECT ${RESERVATION} FROM reservations WHERE order_id = ANY($1::uuid[]) ORDER BY order_id FOR UPDATE`,
)

export const findReservation = statement<{ state: Reservation }>(
  'reservation-find',
  `SELECT ${RESERVATION} FROM reservations WHERE order_id = $1`,
)

export const lockProducts = statement<{ product: ShelfProduct }>(
  'products-lock',
  `SELECT json_build_object(
     'productId', id, 'name', name, 'unitPriceMinor', price_minor, 'currency', currency,
     'isForSale', is_active AND deleted_at IS NULL AND currency = $2,
     'available', available, 'reserved', reserved, 'sold', sold, 'version', version
   ) AS product
   FROM products WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
)

/** With what was moved for them, in one statement. */
export const saveReservations = statement(
  'reservations-save',
  `WITH recorded AS (
     INSERT INTO stock_movements (order_id, product_id, kind, quantity)
     SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[])
   )
   UPDATE reservations r SET
     state = w.state, customer_id = w."customerId", lines = w.lines, total_minor = w."totalMinor",
     currency = w.currency, reason = w.reason, details = w.details, payment_token = w."paymentToken",
     deadline_at = w."deadlineAt", next_ask_at = w."deadlineAt", answer_id = w."answerId",
     correlation_id = w."correlationId", causation_id = w."causationId", traceparent = w.traceparent,
     version = r.version + 1, updated_at = now()
   FROM json_to_recordset($1::json) AS w(
     "orderId" uuid, was text, state text, "customerId" uuid, lines json, "totalMinor" bigint, currency text,
     reason text, details json, "paymentToken" text, "deadlineAt" timestamptz, "answerId" uuid,
     "correlationId" uuid, "causationId" uuid, traceparent text)
   WHERE r.order_id = w."orderId" AND r.state = w.was`,
)

/** Relative, never read-modify-write: a restock in between is kept. */
export const moveStock = statement<{ id: Id; version: number }>(
  'products-move-stock',
  `UPDATE products p SET
     available = p.available + d.available, reserved = p.reserved + d.reserved, sold = p.sold + d.sold,
     version = p.version + d.version, updated_at = now()
   FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[]) AS d(id, available, reserved, sold, version)
   WHERE p.id = d.id RETURNING p.id, p.version`,
)

export interface Overdue {
  readonly state: Reservation
  readonly correlation_id: Id
  readonly causation_id: Id
  readonly traceparent: string | null
}

/** Another instance's sweep has the locked ones. `next_ask_at` starts as the deadline; the index knows nothing of grace. */
export const lockOverdue = statement<Overdue>(
  'reservations-overdue',
  `SELECT ${RESERVATION}, correlation_id, causation_id, traceparent FROM reservations
   WHERE state = 'reserved' AND next_ask_at <= now() AND deadline_at < now() - $1 * interval '1 ms'
   ORDER BY next_ask_at LIMIT 500 FOR UPDATE SKIP LOCKED`,
)

/** Asks again after 2, 4, 8 … at most 60 s. */
export const postponeAsking = statement(
  'reservations-asked',
  `UPDATE reservations SET asks = asks + 1, next_ask_at = now() + least(60, 2 ^ (asks + 1)) * interval '1 s'
   WHERE order_id = ANY($1::uuid[]) AND state = 'reserved'`,
)
