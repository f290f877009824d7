import { type Id, newId, notFound, Problem, productUpdated, type Tx } from '@order-saga/common'
import { addStock as add, recordStock } from '../db/product-statements'
import { type Product, snapshotOf } from '../domain/product'
import { linesCrossed } from '../domain/stock-lines'
import type { Author } from './author'

export interface Delivery {
  readonly id: Id
  readonly quantity: number
  readonly reason: string
  /** `adjust` sets right what was counted wrong, broke or got lost, and may take stock away. */
  readonly kind: 'restock' | 'adjust'
}

// check_violation and numeric_value_out_of_range
const outOfRange = new Set(['23514', '22003'])

export async function addStock(
  tx: Tx,
  { id, kind, quantity, reason }: Delivery,
  { adminId, cause }: Author,
): Promise<Product> {
  const [row] = await tx.query(add, [id, quantity]).catch(refuseImpossible)
  if (!row) throw notFound('product')
  tx.concerns('addStock')
  await tx.execute(recordStock, [[id], kind, [quantity], reason, adminId])
  tx.emit(productUpdated, snapshotOf(row.product), cause)
  const { available, isActive: isForSale, version } = row.product
  const now = { productId: id, available, isForSale, version }
  for (const told of linesCrossed(available - quantity, now, newId)) tx.tell(told, cause)
  return row.product
}

function refuseImpossible(error: unknown): never {
  const isImpossible = error instanceof Error && 'code' in error && outOfRange.has(String(error.code))
  throw isImpossible ? new Problem(409, 'stock-out-of-range', 'That much stock is not there to be moved.') : error
}
