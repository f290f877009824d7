import { type Id, type OrderLine, statement, type Tx } from '@order-saga/common'
import { lockCarts, saveCarts } from '../db/carts'
import { handOverGuest, lockGuest } from '../db/guests'
import { EMPTY, merge } from '../domain/cart'
import { refuseGuest } from './guest-cart'

// the guest has agreed to a price, not the customer to today's
const takeOverMemory = statement(
  'cart-lines-take-over-memory',
  `UPDATE cart_lines l SET seen_price_minor = g.seen_price_minor, was_available = g.was_available
   FROM cart_lines g WHERE g.customer_id = $2 AND l.customer_id = $1 AND l.product_id = g.product_id
     AND l.product_id = ANY($3::uuid[])`,
)

/**
 * Moves what a guest has collected into the customer's own cart, once: after a lost answer the same customer may ask
 * again, and nobody else. Answers what found no room there.
 */
export async function mergeCarts(tx: Tx, customerId: Id, guestToken: string): Promise<OrderLine[]> {
  const guest = await lockGuest(tx, guestToken)
  tx.concerns('mergeCarts')
  if (guest?.merged_into === customerId) return []
  if (!guest || guest.merged_into) refuseGuest()
  const carts = new Map(await lockCarts(tx, [customerId, guest.cart_id]))
  const [own = EMPTY, theirs = EMPTY] = [carts.get(customerId), carts.get(guest.cart_id)]
  const { cart, leftOut } = merge(own, theirs)
  await saveCarts(tx, [{ id: customerId, before: own, after: cart }])
  const added = [...cart.keys()].filter((productId) => !own.has(productId))
  if (added.length > 0) await tx.write(takeOverMemory, [customerId, guest.cart_id, added], added.length)
  await saveCarts(tx, [{ id: guest.cart_id, before: theirs, after: EMPTY }])
  await handOverGuest(tx, guest.cart_id, customerId)
  return leftOut
}
