import type { Databases } from './databases'
import { type Entry, readLedger } from './ledger'
import { type Mail, readMails } from './mails'
import type { AuditSources } from './sources'

export interface Line {
  readonly productId: string
  readonly quantity: number
  readonly unitPriceMinor?: number
}

export interface Order {
  readonly id: string
  readonly customerId: string
  readonly status: 'pending' | 'paid' | 'cancelled'
  readonly total: number | null
  readonly currency: string
  readonly refund: 'none' | 'due' | 'done'
  readonly key: string | null
  /** Product and quantity of every line, in one text that can be compared. */
  readonly quantities: string
}

export interface Reservation {
  readonly orderId: string
  readonly state: 'absent' | 'reserved' | 'rejected' | 'released' | 'sold'
  readonly total: number | null
  /** null: a tombstone or a refusal has no lines. */
  readonly quantities: string | null
  /** What the lines add up to. */
  readonly priced: number
}

export interface Payment {
  readonly orderId: string
  readonly state: 'absent' | 'charging' | 'captured' | 'settled' | 'failed' | 'voided' | 'refunding' | 'refunded'
  readonly total: number | null
  readonly currency: string | null
  readonly chargeId: string | null
  readonly isRefundedByHand: boolean
  readonly needsAttention: boolean
}

/** What is kept in memory, some hundred bytes an order. Events are not among it. */
export interface Facts {
  readonly orders: ReadonlyMap<string, Order>
  readonly reservations: ReadonlyMap<string, Reservation>
  readonly payments: ReadonlyMap<string, Payment>
  readonly ledger: ReadonlyMap<string, readonly Entry[]>
  readonly mails: ReadonlyMap<string, readonly Mail[]>
}

export async function gatherFacts(databases: Databases, sources: AuditSources): Promise<Facts> {
  const [orders, reservations, payments, ledger, mails] = await Promise.all([
    readOrders(databases),
    readReservations(databases),
    readPayments(databases),
    readLedger(sources.providerUrl),
    readMails(sources.mailUrl),
  ])
  return { orders, reservations, payments, ledger, mails }
}

async function readOrders(databases: Databases): Promise<Map<string, Order>> {
  type Row = Omit<Order, 'quantities'> & { lines: Line[] }
  const select = `SELECT id, customer_id AS "customerId", status, total_minor::float8 AS total, currency, refund,
    idempotency_key AS key, lines FROM orders`
  const orders = new Map<string, Order>()
  for await (const rows of databases.pages<Row>('order-service', select))
    for (const { lines, ...order } of rows) orders.set(order.id, { ...order, quantities: quantitiesOf(lines) })
  return orders
}

async function readReservations(databases: Databases): Promise<Map<string, Reservation>> {
  type Row = { order_id: string; state: Reservation['state']; total: number | null; lines: Line[] | null }
  const select = 'SELECT order_id, state, total_minor::float8 AS total, lines FROM reservations'
  const reservations = new Map<string, Reservation>()
  for await (const rows of databases.pages<Row>('product-service', select, { key: 'order_id' }))
    for (const { order_id: orderId, state, total, lines } of rows) {
      const quantities = lines && quantitiesOf(lines)
      reservations.set(orderId, { orderId, state, total, quantities, priced: priceOf(lines ?? []) })
    }
  return reservations
}

async function readPayments(databases: Databases): Promise<Map<string, Payment>> {
  const select = `SELECT order_id, order_id AS "orderId", state, total_minor::float8 AS total, currency, charge_id AS "chargeId",
    coalesce(refund_by = 'administrator', false) AS "isRefundedByHand", needs_attention IS NOT NULL AS "needsAttention"
    FROM payments`
  const payments = new Map<string, Payment>()
  for await (const rows of databases.pages<Payment & { order_id: string }>('payment-service', select, {
    key: 'order_id',
  }))
    for (const payment of rows) payments.set(payment.orderId, payment)
  return payments
}

/** Two lines of one product count as one. */
function quantitiesOf(lines: readonly Line[]): string {
  const quantities = new Map<string, number>()
  for (const { productId, quantity } of lines) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity)
  return [...quantities]
    .map(([productId, quantity]) => `${quantity} of ${productId}`)
    .sort()
    .join(', ')
}

const priceOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, { quantity, unitPriceMinor = 0 }) => sum + quantity * unitPriceMinor, 0)
