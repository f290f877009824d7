/** Who acts next on a pending order, and how, by the last thing that was heard of it. */
const next: Readonly<Record<string, string>> = {
  'order.created': 'product-service reacts to order.created: it reserves all lines or none',
  'inventory.reserved': 'payment-service reacts to inventory.reserved: it charges the reserved total',
  'inventory.reservation.failed': 'order-service reacts to inventory.reservation.failed: it cancels the order',
  'inventory.released': 'order-service reacts to payment.failed: it cancels the order',
  'inventory.reservation.overdue': 'order-service reacts to inventory.reservation.overdue: it says again what it knows',
  'payment.succeeded': 'order-service reacts to payment.succeeded: it declares the order paid',
  'payment.failed': 'order-service reacts to payment.failed: it cancels the order',
  'payment.overdue': 'order-service reacts to payment.overdue: it says again what it knows',
}

const TOO_LATE = 'order-service cancels the order: its deadline has passed'

/** One sentence; null when nothing is expected any more. */
export function expectedNext(lastType: string, isLate: boolean): string | null {
  const sentence = next[lastType]
  if (sentence === undefined) return null
  return isLate ? TOO_LATE : sentence
}
