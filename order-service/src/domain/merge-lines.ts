import { MAX_QUANTITY, type OrderLine } from '@order-saga/common'

/** Two lines of one product are one line; undefined when the sum exceeds what one line may hold. */
export function mergeLines(lines: readonly OrderLine[]): OrderLine[] | undefined {
  const quantities = new Map<string, number>()
  for (const { productId, quantity } of lines) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity)
  const merged = [...quantities].map(([productId, quantity]) => ({ productId, quantity }))
  return merged.some(({ quantity }) => quantity > MAX_QUANTITY) ? undefined : merged
}
