import {
  alarm,
  type CancelReason,
  changed,
  type DataOf,
  type Decision,
  type Details,
  type Id,
  ignored,
  type KnownLine,
  type NewId,
  orderCancelled,
  orderCreated,
  orderPaid,
  type PricedLine,
  parked,
  type RefundState,
  repeated,
  tell,
  tellAgain,
} from '@order-saga/common'

export interface Order {
  readonly id: Id
  readonly customerId: Id
  readonly status: 'pending' | 'paid' | 'cancelled'
  /** Names and prices are known from the reservation on. */
  readonly lines: readonly KnownLine[]
  readonly totalMinor: number | null
  readonly currency: string
  readonly expectedTotalMinor: number | null
  readonly paymentToken: string
  readonly fromCart: boolean
  readonly deadlineAt: string
  readonly reason: CancelReason | null
  readonly details: Details
  readonly refund: RefundState
  /** Id of order.created. */
  readonly createdEventId: Id
  /** Id of the first order.paid or order.cancelled. */
  readonly verdictEventId: Id | null
  readonly version: number
}

type Answer = Decision<Order>

/** What product-service and payment-service both know of an order they have worked on. */
interface Priced {
  readonly lines: readonly PricedLine[]
  readonly totalMinor: number
  readonly currency: string
}

const unknownOrder = parked('unknown_order')

export function inventoryReserved(order: Order | undefined, priced: Priced, newId: NewId): Answer {
  if (!order) return unknownOrder
  if (order.status === 'cancelled') return repeated(cancelledAgain(order, newId))
  return order.totalMinor === null ? changed(next(order, pricesOf(priced))) : ignored('already_priced')
}

export function reservationFailed(
  order: Order | undefined,
  { reason, details }: { reason: CancelReason; details: Details },
  newId: NewId,
): Answer {
  if (!order) return unknownOrder
  if (order.status === 'paid') return alarm('reservation_failed_after_paid')
  return order.status === 'pending' ? cancel(order, reason, details, newId) : ignored('already_cancelled')
}

export function paymentSucceeded(order: Order | undefined, priced: Priced, newId: NewId): Answer {
  if (!order) return unknownOrder
  if (order.status === 'paid') return repeated(paidAgain(order, newId))
  if (order.status === 'pending') return pay(order, priced, newId)
  if (order.refund !== 'none') return repeated(cancelledAgain(order, newId))
  // the money came too late: whoever captured it hears the verdict again and gives it back
  const owing = next(order, { refund: 'due' })
  return changed(owing, cancelledAgain(owing, newId))
}

export function paymentFailed(
  order: Order | undefined,
  { reason }: { reason: NonNullable<Details['paymentReason']> },
  newId: NewId,
): Answer {
  if (!order) return unknownOrder
  if (order.status === 'paid') return alarm('payment_failed_after_paid')
  if (order.status === 'cancelled') return ignored('already_cancelled')
  return cancel(order, 'payment_declined', { paymentReason: reason }, newId)
}

export function paymentRefunded(order: Order | undefined): Answer {
  if (!order) return unknownOrder
  if (order.status === 'pending') return alarm('refunded_while_pending')
  return order.refund === 'done' ? ignored('already_refunded') : changed(next(order, { refund: 'done' }))
}

/** Somebody still holds stock or money after the deadline and asks what became of the order. */
export function overdueAsked(order: Order | undefined, newId: NewId): Answer {
  if (!order) return unknownOrder
  if (order.status === 'pending') return repeated(createdAgain(order, newId))
  return repeated(order.status === 'paid' ? paidAgain(order, newId) : cancelledAgain(order, newId))
}

/** The customer's wish. A paid order is not the order's to take back: the caller turns `ignored` into a refusal. */
export function cancelRequested(order: Order, newId: NewId): Answer {
  if (order.status === 'pending') return cancel(order, 'customer_request', {}, newId)
  return ignored(order.status === 'paid' ? 'already_paid' : 'already_cancelled')
}

export function deadlinePassed(order: Order, newId: NewId): Answer {
  return order.status === 'pending' ? cancel(order, 'timed_out', {}, newId) : ignored(`already_${order.status}`)
}

/** Money is still owed on a cancelled order: the verdict is told again to whoever holds it. */
export function refundOverdue(order: Order, newId: NewId): Answer {
  const isOwing = order.status === 'cancelled' && order.refund === 'due'
  return isOwing ? repeated(cancelledAgain(order, newId)) : ignored('nothing_due')
}

/** The facts of order.created: what was asked for, whatever is known by now. */
export const createdData = (order: Order): DataOf<typeof orderCreated> => ({
  orderId: order.id,
  customerId: order.customerId,
  lines: order.lines.map(({ productId, quantity }) => ({ productId, quantity })),
  ...(order.expectedTotalMinor !== null && { expectedTotalMinor: order.expectedTotalMinor }),
  paymentToken: order.paymentToken,
  fromCart: order.fromCart,
  deadlineAt: order.deadlineAt,
})

function pay(order: Order, priced: Priced, newId: NewId): Answer {
  const verdictEventId = newId()
  const prices = order.totalMinor === null ? pricesOf(priced) : {}
  const paid = next(order, { ...prices, status: 'paid', verdictEventId })
  return changed(paid, tell(orderPaid, paidData(paid), verdictEventId))
}

function cancel(order: Order, reason: CancelReason, details: Details, newId: NewId): Answer {
  const verdictEventId = newId()
  const cancelled = next(order, { status: 'cancelled', reason, details, verdictEventId })
  return changed(cancelled, tell(orderCancelled, cancelledData(cancelled), verdictEventId))
}

const next = (order: Order, change: Partial<Order>): Order => ({ ...order, ...change, version: order.version + 1 })

const pricesOf = ({ lines, totalMinor, currency }: Priced): Partial<Order> => ({ lines, totalMinor, currency })

const createdAgain = (order: Order, newId: NewId) =>
  tellAgain(orderCreated, createdData(order), order.createdEventId, newId)

const paidAgain = (order: Order, newId: NewId) => tellAgain(orderPaid, paidData(order), verdictOf(order), newId)

const cancelledAgain = (order: Order, newId: NewId) =>
  tellAgain(orderCancelled, cancelledData(order), verdictOf(order), newId)

function verdictOf({ id, verdictEventId }: Order): Id {
  if (verdictEventId === null) throw new Error(`order ${id} has ended without a verdict`)
  return verdictEventId
}

const paidData = ({ id, customerId, lines, totalMinor, currency }: Order): DataOf<typeof orderPaid> => ({
  orderId: id,
  customerId,
  lines: lines as PricedLine[],
  totalMinor: totalMinor ?? 0,
  currency,
})

const cancelledData = (order: Order): DataOf<typeof orderCancelled> => ({
  orderId: order.id,
  customerId: order.customerId,
  lines: [...order.lines],
  totalMinor: order.totalMinor,
  currency: order.currency,
  reason: order.reason ?? 'timed_out',
  details: order.details,
  refund: order.refund,
})
