import { type Change, type Envelope, type Id, statement, type Tx } from '@order-saga/common'
import { callOf, type Payment } from '../domain'
import type { Call } from '../provider/call'
import { PaymentBook } from './payment-book'
import { COLUMNS, type PaymentRow } from './payment-row'

const insertMissing = statement(
  'payments-insert-missing',
  `INSERT INTO payments (order_id, correlation_id, traceparent)
   SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS heard(order_id, correlation_id, traceparent)
   ORDER BY order_id
   ON CONFLICT DO NOTHING`,
)

const lockAll = statement<PaymentRow>(
  'payments-lock',
  `SELECT ${COLUMNS} FROM payments WHERE order_id = ANY($1::uuid[]) ORDER BY order_id FOR UPDATE`,
)

const writeAll = statement(
  'payments-write',
  `WITH written AS (
     UPDATE payments p SET
       state = c.state, cancel = c.cancel, reason = c.reason, charge_id = c.charge_id, payment_token = c.payment_token,
       refund_by = c.refund_by, refund_reason = c.refund_reason,
       answer_id = c.answer_id, refund_answer_id = c.refund_answer_id, needs_attention = c.needs_attention,
       customer_id = coalesce(c.customer_id, p.customer_id), lines = coalesce(c.lines, p.lines),
       total_minor = coalesce(c.total_minor, p.total_minor), currency = coalesce(c.currency, p.currency),
       deadline_at = coalesce(c.deadline_at, p.deadline_at),
       attempts = CASE WHEN c.is_called THEN 1 ELSE p.attempts END,
       first_called_at = CASE WHEN c.is_called THEN now() ELSE p.first_called_at END,
       next_attempt_at = CASE WHEN c.is_called THEN now() + $2 * interval '1 ms'
         WHEN c.is_calling THEN p.next_attempt_at END,
       next_ask_at = CASE WHEN c.state = 'captured' THEN coalesce(c.deadline_at, p.deadline_at) + $3 * interval '1 ms' END,
       cause_id = coalesce(c.cause_id, p.cause_id), traceparent = coalesce(c.traceparent, p.traceparent), version = p.version + 1, updated_at = now()
     FROM json_to_recordset($1::json) AS c(
       order_id uuid, version int, from_state text, because text, cause_id uuid, traceparent text, is_called boolean, is_calling boolean,
       state text, cancel boolean, reason text, charge_id text, payment_token text, refund_by text, refund_reason text,
       answer_id uuid, refund_answer_id uuid, needs_attention text,
       customer_id uuid, lines json, total_minor bigint, currency text, deadline_at timestamptz)
     WHERE p.order_id = c.order_id AND p.version = c.version
     RETURNING p.order_id, p.version, c.from_state, p.state, c.because
   )
   INSERT INTO payment_transitions (order_id, version, from_state, to_state, cause)
   SELECT order_id, version, from_state, state, because FROM written`,
)

export interface PaymentRepositoryOptions {
  /** How long whoever writes a payment that needs a call has for making it. */
  readonly leaseMs: number
  readonly graceMs: number
  /** Hears of the calls that became necessary, as soon as they are committed. */
  readonly onCalls: (calls: Call[]) => void
}

export class PaymentRepository {
  constructor(private readonly options: PaymentRepositoryOptions) {}

  /** Locks the payments of all orders the events speak of; those never heard of are `absent`. */
  async open(tx: Tx, events: readonly Envelope[]): Promise<PaymentBook> {
    const heard = new Map(events.map((event) => [(event.data as { orderId: Id }).orderId, event]))
    const ids = [...heard.keys()]
    const first = [...heard.values()]
    const inserted = tx.execute(insertMissing, [
      ids,
      first.map(({ correlationid }) => correlationid),
      first.map(({ traceparent = null }) => traceparent),
    ])
    const [, book] = await Promise.all([inserted, this.lock(tx, ids)])
    return book
  }

  /** Locks what is there of them. */
  async lock(tx: Tx, ids: readonly Id[]): Promise<PaymentBook> {
    return new PaymentBook(await tx.query(lockAll, [ids]))
  }

  /** Writes what changed. `because` says why where no event did. */
  async close(tx: Tx, book: PaymentBook, because?: string): Promise<void> {
    const changes = book.changes()
    if (changes.length === 0) return
    const { leaseMs, graceMs, onCalls } = this.options
    const rows = changes.map((change) => toRow(change, book, because))
    await tx.write(writeAll, [JSON.stringify(rows), leaseMs, graceMs], rows.length)
    const calls = book.calls()
    if (calls.length > 0) tx.afterCommit(() => onCalls(calls))
  }
}

function toRow({ id, before, after, cause }: Change<Payment>, book: PaymentBook, because?: string) {
  const call = callOf(after)
  const { order } = before.order ? { order: null } : after
  return {
    order_id: id,
    version: book.rowOf(id).version,
    from_state: before.state,
    because: because ?? cause?.causationId ?? 'unknown',
    cause_id: cause?.causationId ?? null,
    traceparent: cause?.traceparent ?? null,
    is_called: call !== undefined && call !== callOf(before),
    is_calling: call !== undefined,
    state: after.state,
    cancel: after.cancel,
    reason: after.reason,
    charge_id: after.chargeId,
    payment_token: after.paymentToken,
    refund_by: after.refundBy,
    refund_reason: after.refundReason,
    answer_id: after.answerId,
    refund_answer_id: after.refundAnswerId,
    needs_attention: after.attention,
    customer_id: order?.customerId ?? null,
    lines: order?.lines ?? null,
    total_minor: order?.totalMinor ?? null,
    currency: order?.currency ?? null,
    deadline_at: after.deadlineAt,
  }
}
