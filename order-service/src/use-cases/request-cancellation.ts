import { type Id, newId, notFound, Problem, type Tx } from '@order-saga/common'
import { OrderBook } from '../db/order-book'
import { lockOrders, type OrderRepository } from '../db/order-repository'
import { causeOfOrder } from '../db/order-row'
import { cancelRequested } from '../domain/order'

/** Cancels a pending order for its customer; asking again answers the same. Throws `order-not-cancellable` on a paid one. */
export async function requestCancellation(tx: Tx, orders: OrderRepository, orderId: Id, customerId: Id): Promise<void> {
  const [order] = await lockOrders(tx, [orderId])
  if (order?.customerId !== customerId) throw notFound('order')
  const book = new OrderBook([order])
  const decision = book.decide(orderId, causeOfOrder(order), () => cancelRequested(order, newId))
  if (decision.kind === 'ignored' && order.status === 'paid')
    throw new Problem(409, 'order-not-cancellable', 'The order is paid already.')
  tx.concerns('requestCancellation')
  await orders.close(tx, book)
  if (decision.kind === 'changed') for (const emission of decision.emits) tx.tell(emission, causeOfOrder(order))
}
