import { type Database, type Id, statement } from '@order-saga/common'
import { type FindOptionsWhere, IsNull, LessThan, Not } from 'typeorm'
import type { PaymentState, RefundBy } from '../domain'
import { PaymentEntity, type PaymentRecord } from './payment-entity'

const needingAttention = statement<{ count: number }>(
  'payments-attention',
  'SELECT count(*)::int AS count FROM payments WHERE needs_attention IS NOT NULL',
)

export interface PaymentFilter {
  readonly limit: number
  /** Order id of the last payment already seen. */
  readonly before?: Id | undefined
  readonly customerId?: Id | undefined
  readonly state?: PaymentState | undefined
  readonly refundBy?: RefundBy | undefined
  readonly attention?: 'needed' | undefined
}

/** undefined: there is none, or it is somebody else's. */
export async function findOwnPayment(
  database: Database,
  customerId: Id,
  orderId: Id,
): Promise<PaymentRecord | undefined> {
  const manager = await database.manager()
  return (await manager.findOneBy(PaymentEntity, { orderId, customerId })) ?? undefined
}

/** Newest first: order ids sort by time. */
export async function listPayments(database: Database, filter: PaymentFilter): Promise<PaymentRecord[]> {
  const manager = await database.manager()
  return manager.find(PaymentEntity, { where: whereOf(filter), order: { orderId: 'DESC' }, take: filter.limit })
}

function whereOf({ before, customerId, state, refundBy, attention }: PaymentFilter): FindOptionsWhere<PaymentRecord> {
  return {
    // a row that is still `absent` was only ever locked: nobody's payment
    state: state ?? Not('absent'),
    ...(before !== undefined && { orderId: LessThan(before) }),
    ...(customerId !== undefined && { customerId }),
    ...(refundBy !== undefined && { refundBy }),
    ...(attention !== undefined && { needsAttention: Not(IsNull()) }),
  }
}

export async function countAttention(database: Database): Promise<number> {
  const [row] = await database.query(needingAttention)
  return row?.count ?? 0
}
