import { type Database, type Id, statement } from '@order-saga/common'
import { type FindOptionsWhere, LessThan, Not } from 'typeorm'
import type { PaymentState } from '../domain'
import { PaymentEntity, type PaymentRecord } from './payment-entity'

const needingAttention = statement<{ count: number }>(
  'payments-attention',
  'SELECT count(*)::int AS count FROM payments WHERE needs_attention IS NOT NULL',
)

export interface Page {
  readonly limit: number
  /** Order id of the last payment already seen. */
  readonly before: Id | undefined
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

export const listOwnPayments = (database: Database, customerId: Id, page: Page): Promise<PaymentRecord[]> =>
  list(database, { customerId }, page)

/** A row that is still `absent` was only ever locked: nobody's payment. */
export const listPayments = (database: Database, state: PaymentState | undefined, page: Page) =>
  list(database, { state: state ?? Not('absent') }, page)

/** Newest first: order ids sort by time. */
async function list(
  database: Database,
  where: FindOptionsWhere<PaymentRecord>,
  { limit, before }: Page,
): Promise<PaymentRecord[]> {
  const manager = await database.manager()
  const older = before === undefined ? {} : { orderId: LessThan(before) }
  return manager.find(PaymentEntity, { where: { ...where, ...older }, order: { orderId: 'DESC' }, take: limit })
}

export async function countAttention(database: Database): Promise<number> {
  const [row] = await database.query(needingAttention)
  return row?.count ?? 0
}
