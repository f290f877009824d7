import { type Id, statement, type Tx } from '@order-saga/common'
import { callOf } from '../domain'
import type { Call } from '../provider/call'
import { CIRCUIT_OPEN } from '../provider/circuit'
import { COLUMNS, type PaymentRow, toPayment } from './payment-row'

// providers keep keys for a day; the hour is for clocks that differ and calls that are slow
const KEYS_ARE_KNOWN_FOR = `interval '23 hours'`

const PREFIXED = COLUMNS.split(',')
  .map((column) => `p.${column.trim()}`)
  .join(', ')

// SKIP LOCKED: who holds the row is about to change it, or takes the same call
const takeDue = statement<PaymentRow & { is_old: boolean }>(
  'payments-take-calls',
  `WITH due AS (
     SELECT order_id FROM payments WHERE next_attempt_at <= now()
     ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
   )
   UPDATE payments p SET attempts = attempts + 1, next_attempt_at = now() + $1 * interval '1 ms'
   FROM due WHERE p.order_id = due.order_id
   RETURNING ${PREFIXED}, p.first_called_at < now() - ${KEYS_ARE_KNOWN_FOR} AS is_old`,
)

/** Takes calls nobody is making: refused ones that are due again, and those of a process that died. */
export async function takeDueCalls(tx: Tx, leaseMs: number, limit: number): Promise<Call[]> {
  const rows = await tx.query(takeDue, [leaseMs, limit])
  if (rows.length > 0) tx.concerns('provider calls')
  return rows.flatMap((row) => toCall(row) ?? [])
}

function toCall(row: PaymentRow & { is_old: boolean }): Call | undefined {
  const payment = toPayment(row)
  const kind = callOf(payment)
  if (!kind || !payment.order) return undefined
  const { order, paymentToken, chargeId } = payment
  const key = kind === 'charge' ? row.charge_key : row.refund_key
  const traceparent = row.traceparent ?? undefined
  return { kind, key, order, paymentToken, chargeId, isRepeated: true, isOld: row.is_old, traceparent }
}

// 1, 2, 4 … 60 s ± 20 %, by the clock of the database; a call that was not made counts for nothing
const putOff = statement(
  'payments-put-off',
  `UPDATE payments p SET last_error = c.why, attempts = p.attempts - c.unmade,
     next_attempt_at = now() + least(60, 2 ^ least(greatest(p.attempts - 1 - c.unmade, 0), 6)) * (0.8 + 0.4 * random()) * interval '1 s'
   FROM unnest($1::uuid[], $2::text[], $3::int[]) AS c(order_id, why, unmade)
   WHERE p.order_id = c.order_id AND p.next_attempt_at IS NOT NULL`,
)

export interface Unanswered {
  readonly orderId: Id
  readonly why: string
}

/** Their rows are locked. */
export async function putOffCalls(tx: Tx, unanswered: readonly Unanswered[]): Promise<void> {
  if (unanswered.length === 0) return
  const column = <T>(pick: (call: Unanswered) => T) => unanswered.map(pick)
  const unmade = column(({ why }) => (why === CIRCUIT_OPEN ? 1 : 0))
  await tx.execute(putOff, [column(({ orderId }) => orderId), column(({ why }) => why), unmade])
}
