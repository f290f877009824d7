import { type Cause, type Change, type Id, WorkingSet } from '@order-saga/common'
import { callOf, type Payment } from '../domain'
import type { Call } from '../provider/call'
import { type PaymentRow, toPayment } from './payment-row'

/** The payments a transaction has locked. */
export class PaymentBook extends WorkingSet<Payment> {
  readonly #rows: ReadonlyMap<Id, PaymentRow>

  constructor(rows: readonly PaymentRow[]) {
    super(rows.map((row) => [row.order_id, toPayment(row)]))
    this.#rows = new Map(rows.map((row) => [row.order_id, row]))
  }

  rowOf(id: Id): PaymentRow {
    const row = this.#rows.get(id)
    if (!row) throw new Error(`payment ${id} was not locked`)
    return row
  }

  /** What no event causes directly is traced back to the last one that concerned the payment. */
  causeOf(id: Id): Cause {
    const { correlation_id, cause_id, traceparent } = this.rowOf(id)
    return {
      correlationId: correlation_id,
      causationId: cause_id ?? undefined,
      traceparent: traceparent ?? undefined,
    }
  }

  /** The calls that the changes make necessary. */
  calls(): Call[] {
    return this.changes().flatMap((change) => firstCall(change, this.rowOf(change.id)) ?? [])
  }
}

function firstCall({ before, after, cause }: Change<Payment>, row: PaymentRow): Call | undefined {
  const kind = callOf(after)
  if (kind === undefined || kind === callOf(before) || !after.order) return undefined
  const { order, paymentToken, chargeId } = after
  const key = kind === 'charge' ? row.charge_key : row.refund_key
  const traceparent = cause?.traceparent ?? row.traceparent ?? undefined
  return { kind, key, order, paymentToken, chargeId, isRepeated: false, isOld: false, traceparent }
}
