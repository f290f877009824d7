import type { Servers } from '../site/servers'
import type { Site } from '../site/site'
import { jsonLinesOf } from './lines'

interface Order {
  readonly id: string
  readonly status: string
  readonly reason: string | null
  readonly ended_at: Date | null
}

interface LedgerEntry {
  readonly type: 'charge' | 'decline' | 'refund'
  readonly reference: string
  readonly amountMinor: number
}

/** What databases and ledgers say in the end. */
export interface Facts {
  readonly orders: ReadonlyMap<string, Order>
  readonly charges: ReadonlyMap<string, number>
  /** Captured less refunded, by order. */
  readonly net: ReadonlyMap<string, number>
  readonly oversold: number
  readonly held: number
  readonly untold: number
  readonly told: number
  readonly productTombstones: number
  readonly paymentTombstones: number
  readonly refundedLate: number
  readonly unknownThenPaid: number
  readonly unknownThenDeclined: number
  readonly overdueAnswered: number
  readonly mailRetries: number
  readonly mailCopies: number
  readonly mailCopiesWithAnotherId: number
}

export async function gatherFacts(site: Site): Promise<Facts> {
  const { databases, servers } = site
  const [orders, ledger, journal] = await Promise.all([
    databases.query<Order>('order-service', ORDERS),
    ledgerOf(servers),
    journalFacts(site),
  ])
  return {
    orders: new Map(orders.map((one) => [one.id, one])),
    ...ledger,
    ...journal,
    oversold: await databases.count('product-service', 'SELECT count(*) FROM products WHERE available < 0'),
    held: await databases.count('product-service', `SELECT count(*) FROM reservations WHERE state = 'reserved'`),
    productTombstones: await databases.count('product-service', TOMBSTONES),
    refundedLate: await databases.count('payment-service', REFUNDED_LATE),
    unknownThenPaid: await databases.count('payment-service', `${REPEATED_CALLS} AND charge_id IS NOT NULL`),
    unknownThenDeclined: await databases.count('payment-service', `${REPEATED_CALLS} AND state = 'failed'`),
    mailRetries: await databases.count(
      'mailer-service',
      'SELECT coalesce(sum(greatest(attempts - 1, 0)), 0) FROM mails',
    ),
    ...(await mailsOf(servers)),
  }
}

const ORDERS = `SELECT id, status, reason, (SELECT max(at) FROM order_transitions t
  WHERE order_id = o.id AND from_status = 'pending' AND to_status <> 'pending') AS ended_at FROM orders o`
// released before it was made, and then order.created came: in the end it always has
const TOMBSTONES = `SELECT count(*) FROM reservations WHERE state = 'released' AND total_minor IS NULL`
const REFUNDED_LATE = `SELECT count(*) FROM payments WHERE state = 'refunded' AND refund_by = 'cancellation'`
const REPEATED_CALLS = `SELECT count(*) FROM payments WHERE attempts > 1`

async function journalFacts({ databases }: Site) {
  const ids = async (type: string) =>
    (
      await databases.query<{ id: string }>(
        'logger-service',
        'SELECT DISTINCT order_id AS id FROM journal WHERE type = $1',
        [type],
      )
    ).map(({ id }) => id)
  const reserved = await ids('inventory.reserved')
  const overdue = new Set([...(await ids('inventory.reservation.overdue')), ...(await ids('payment.overdue'))])
  const voided = `SELECT count(*) FROM payments WHERE state = 'voided' AND attempts = 0 AND total_minor IS NULL AND order_id = ANY($1::uuid[])`
  const services = ['auth-service', 'product-service', 'order-service', 'payment-service'] as const
  const told = (
    await Promise.all(services.map((service) => databases.query<{ id: string }>(service, 'SELECT id FROM outbox')))
  ).flat()
  const missing = `SELECT count(*) FROM unnest($1::uuid[]) AS told(id) WHERE NOT EXISTS (SELECT FROM journal WHERE journal.id = told.id)`
  return {
    overdueAnswered: overdue.size,
    paymentTombstones: await databases.count('payment-service', voided, [reserved]),
    told: told.length,
    untold: await databases.count('logger-service', missing, [told.map(({ id }) => id)]),
  }
}

async function ledgerOf({ ledgerFile }: Servers): Promise<Pick<Facts, 'charges' | 'net'>> {
  const charges = new Map<string, number>()
  const net = new Map<string, number>()
  for await (const { type, reference, amountMinor } of jsonLinesOf<LedgerEntry>(ledgerFile)) {
    if (type === 'decline') continue
    if (type === 'charge') charges.set(reference, (charges.get(reference) ?? 0) + 1)
    net.set(reference, (net.get(reference) ?? 0) + (type === 'charge' ? amountMinor : -amountMinor))
  }
  return { charges, net }
}

/** A Message-ID reads `kind.subject@host`: two of one kind and subject are one letter under two names. */
async function mailsOf({ mailFile }: Servers): Promise<Pick<Facts, 'mailCopies' | 'mailCopiesWithAnotherId'>> {
  const arrived = new Map<string, number>()
  for await (const { MessageID } of jsonLinesOf<{ MessageID: string }>(mailFile))
    arrived.set(MessageID, (arrived.get(MessageID) ?? 0) + 1)
  const copies = [...arrived.values()].reduce((sum, count) => sum + count - 1, 0)
  const letters = new Set([...arrived.keys()].map((id) => id.split('@')[0]))
  return { mailCopies: copies, mailCopiesWithAnotherId: arrived.size - letters.size }
}
