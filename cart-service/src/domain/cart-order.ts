import { changed, type Decision, type Id, ignored, type OrderLine } from '@order-saga/common'
import { type Cart, putBack, takeOut } from './cart'

/** What an order did to its customer's cart. */
export interface CartOrder {
  readonly customerId: Id
  readonly state: 'absent' | 'taken' | 'returned'
  /** The lines actually taken out: what has to be put back. */
  readonly taken: readonly OrderLine[]
}

export interface CartAndOrder {
  readonly cart: Cart
  readonly order: CartOrder
}

type Answer = Decision<CartAndOrder>

interface Created {
  readonly fromCart: boolean
  readonly lines: readonly OrderLine[]
}

export function orderCreated({ cart, order }: CartAndOrder, { fromCart, lines }: Created): Answer {
  if (!fromCart) return ignored('not_from_cart')
  if (order.state !== 'absent') return ignored(`already_${order.state}`)
  const { left, taken } = takeOut(cart, lines)
  return changed({ cart: left, order: { ...order, state: 'taken', taken } })
}

/** An order that was never seen leaves a tombstone, so that its order.created finds it and takes nothing. */
export function orderCancelled({ cart, order }: CartAndOrder): Answer {
  if (order.state === 'returned') return ignored('already_returned')
  const returned = { ...order, state: 'returned' } as const
  return changed({ cart: order.state === 'taken' ? putBack(cart, order.taken) : cart, order: returned })
}
