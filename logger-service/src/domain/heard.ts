/**
 * One bit for each event about an order that was heard: whatever comes when, and however often, the sum is the same.
 * The bits are stored, so none of them ever changes its meaning.
 */
export const HEARD: Readonly<Record<string, number>> = {
  'order.created': 1,
  'inventory.reserved': 2,
  'inventory.reservation.failed': 4,
  'inventory.released': 8,
  'payment.succeeded': 16,
  'payment.failed': 32,
  'payment.refunded': 64,
  'order.paid': 128,
  'order.cancelled': 256,
  'inventory.reservation.overdue': 512,
  'payment.overdue': 1024,
}

export const heardOf = (types: Iterable<string>): number => {
  let heard = 0
  for (const type of types) heard |= HEARD[type] ?? 0
  return heard
}

export const hasHeard = (heard: number, type: string): boolean => (heard & (HEARD[type] ?? 0)) !== 0
