import { type CancelReason, type Id, type Queryable, type RefundState, statement } from '@order-saga/common'
import type { Order } from '../domain/order'
import type { Step } from '../domain/step'

interface TransitionRow {
  readonly version: number
  readonly from_status: Order['status'] | null
  readonly to_status: Order['status']
  readonly refund: RefundState
  readonly reason: CancelReason | null
  readonly at: Date
}

const transitions = statement<TransitionRow>(
  'order-timeline',
  `SELECT version, from_status, to_status, refund, reason, at FROM order_transitions WHERE order_id = $1 ORDER BY version`,
)

/** Every step the order has taken, the first one first. */
export async function readTimeline(db: Queryable, orderId: Id): Promise<Step[]> {
  return (await db.query(transitions, [orderId])).map((row) => ({
    version: row.version,
    from: row.from_status,
    to: row.to_status,
    refund: row.refund,
    reason: row.reason,
    at: row.at.toISOString(),
  }))
}
