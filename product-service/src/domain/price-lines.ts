import {
  type Details,
  type Id,
  MAX_MINOR,
  MAX_QUANTITY,
  type OrderLine,
  type PricedLine,
  type ReservationFailure,
} from '@order-saga/common'
import type { Shelf, ShelfProduct } from './shelf'

export interface Quote {
  readonly lines: PricedLine[]
  readonly totalMinor: number
  readonly currency: string
}

export interface Refusal {
  readonly reason: ReservationFailure
  readonly details: Details
}

interface Asked {
  readonly lines: readonly OrderLine[]
  readonly expectedTotalMinor?: number | undefined
}

/**
 * Prices an order from the product rows, or says why it cannot be held. When several reasons hold, the first of
 * these is told: product_unavailable, order_too_large, out_of_stock, price_changed. A basket with a missing product
 * has no total, and a total nobody may be charged is not worth comparing with stock or expectation.
 */
export function priceLines(shelf: Shelf, { lines, expectedTotalMinor }: Asked): Quote | Refusal {
  const wanted: { product: ShelfProduct; quantity: number }[] = []
  const missing: Id[] = []
  for (const { productId, quantity } of mergeLines(lines)) {
    const product = forSale(shelf, productId)
    if (product) wanted.push({ product, quantity })
    else missing.push(productId)
  }
  if (missing.length > 0) return refuse('product_unavailable', { productIds: missing })
  const priced = wanted.map(({ product: { productId, name, unitPriceMinor }, quantity }) => {
    return { productId, name, quantity, unitPriceMinor }
  })
  // beyond 2^53 the sum is only nearly right, and far above the limit all the same
  const totalMinor = priced.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0)
  if (totalMinor > MAX_MINOR || priced.some(({ quantity }) => quantity > MAX_QUANTITY))
    return refuse('order_too_large', {})
  const short = wanted.filter(({ product, quantity }) => product.available < quantity)
  if (short.length > 0) return refuse('out_of_stock', { productIds: short.map(({ product }) => product.productId) })
  if (expectedTotalMinor !== undefined && expectedTotalMinor !== totalMinor)
    return refuse('price_changed', { actualTotalMinor: totalMinor })
  return { lines: priced, totalMinor, currency: wanted[0]?.product.currency ?? '' }
}

/** Two lines of one product must not both count on the same last piece. */
export function mergeLines(lines: readonly OrderLine[]): OrderLine[] {
  const merged: { productId: Id; quantity: number }[] = []
  for (const { productId, quantity } of lines) {
    const known = merged.find((line) => line.productId === productId)
    if (known) known.quantity += quantity
    else merged.push({ productId, quantity })
  }
  return merged
}

const forSale = (shelf: Shelf, productId: Id): ShelfProduct | undefined =>
  shelf[productId]?.isForSale ? shelf[productId] : undefined

const refuse = (reason: ReservationFailure, details: Details): Refusal => ({ reason, details })
