import { changed, type Decision, type Id, ignored, MAX_LINES, MAX_QUANTITY, type OrderLine } from '@order-saga/common'

/** Pieces by product. A cart never holds more than MAX_LINES products, nor more than MAX_QUANTITY pieces of one. */
export type Cart = ReadonlyMap<Id, number>

export const EMPTY: Cart = new Map()

export const setLine = (cart: Cart, { productId, quantity }: OrderLine): Decision<Cart> => {
  if (quantity > MAX_QUANTITY) return ignored('too_many_pieces')
  if (!cart.has(productId) && cart.size >= MAX_LINES) return ignored('too_many_lines')
  return changed(new Map(cart).set(productId, quantity))
}

export const addLine = (cart: Cart, { productId, quantity }: OrderLine): Decision<Cart> =>
  setLine(cart, { productId, quantity: (cart.get(productId) ?? 0) + quantity })

export function removeLine(cart: Cart, productId: Id): Decision<Cart> {
  const rest = new Map(cart)
  return rest.delete(productId) ? changed(rest) : ignored('not_in_cart')
}

/** What is there of what was ordered: the customer may have changed the cart since. */
export function takeOut(cart: Cart, ordered: readonly OrderLine[]): { left: Cart; taken: OrderLine[] } {
  const left = new Map(cart)
  const taken = new Map<Id, number>()
  for (const { productId, quantity } of ordered) {
    const there = left.get(productId) ?? 0
    const pieces = Math.min(there, quantity)
    if (pieces === 0) continue
    if (pieces === there) left.delete(productId)
    else left.set(productId, there - pieces)
    taken.set(productId, (taken.get(productId) ?? 0) + pieces)
  }
  return { left, taken: [...taken].map(([productId, quantity]) => ({ productId, quantity })) }
}

/** Adds lines as far as the limits of a cart allow. */
export function putBack(cart: Cart, lines: readonly OrderLine[]): Cart {
  const filled = new Map(cart)
  for (const { productId, quantity } of lines) {
    const there = filled.get(productId)
    if (there === undefined && filled.size >= MAX_LINES) continue
    filled.set(productId, Math.min((there ?? 0) + quantity, MAX_QUANTITY))
  }
  return filled
}

/** Both carts in one, as far as the limits allow, and what of the second found no room. */
export function merge(own: Cart, theirs: Cart): { cart: Cart; leftOut: OrderLine[] } {
  const lines = [...theirs].map(([productId, quantity]) => ({ productId, quantity }))
  const cart = putBack(own, lines)
  const leftOut = lines
    .map(({ productId, quantity }) => {
      const moved = (cart.get(productId) ?? 0) - (own.get(productId) ?? 0)
      return { productId, quantity: quantity - moved }
    })
    .filter(({ quantity }) => quantity > 0)
  return { cart, leftOut }
}
