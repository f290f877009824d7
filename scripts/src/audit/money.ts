import type { Databases } from './databases'
import type { Facts, Order, Payment } from './facts'
import type { Entry } from './ledger'
import type { Findings } from './report'

const amountsOf = (entries: readonly Entry[], type: Entry['type']): number[] =>
  entries.filter((entry) => entry.type === type).map(({ amountMinor }) => amountMinor)

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

/** M1 to M4: what the provider's own ledger says, against order, reservation, payment and mail. */
export async function auditMoney(databases: Databases, facts: Facts, findings: Findings): Promise<void> {
  const { orders, payments, ledger } = facts
  for (const order of orders.values()) {
    const entries = ledger.get(order.id) ?? []
    if (order.status !== 'pending') keepsItsDue(order, payments.get(order.id), entries, findings)
    if (order.status === 'paid') costsTheSameEverywhere(order, facts, findings)
  }
  for (const [orderId, entries] of ledger) movesOnce(orderId, entries, orders.has(orderId), findings)
  for (const payment of payments.values()) agrees(payment, ledger.get(payment.orderId) ?? [], findings)
  for (const order of orders.values()) tellsOfRefund(order, payments.get(order.id), findings)
  for (const orderId of ledger.keys())
    if (!payments.has(orderId)) findings.broken('M4', `order ${orderId} is in the ledger and has no payment`)
  findings.checked('M1', orders.size)
  findings.checked('M2', ledger.size)
  findings.checked('M3', orders.size)
  findings.checked('M4', payments.size)
  await auditPrices(databases, findings)
}

function keepsItsDue(order: Order, payment: Payment | undefined, entries: readonly Entry[], findings: Findings): void {
  const [captured, refunded] = [sum(amountsOf(entries, 'charge')), sum(amountsOf(entries, 'refund'))]
  const isKept = order.status === 'paid' && !payment?.isRefundedByHand
  const due = isKept ? (order.total ?? 0) : 0
  if (captured - refunded !== due)
    findings.broken('M1', `${order.status} order ${order.id}: ${captured} captured, ${refunded} refunded, ${due} due`)
  if (order.refund === 'due') findings.broken('M1', `order ${order.id} is still owed its money`)
}

function movesOnce(orderId: string, entries: readonly Entry[], isOrder: boolean, findings: Findings): void {
  const [charges, refunds] = [amountsOf(entries, 'charge'), amountsOf(entries, 'refund')]
  if (charges.length > 1) findings.broken('M2', `order ${orderId} was charged ${charges.length} times`)
  if (refunds.length > 1) findings.broken('M2', `order ${orderId} was refunded ${refunds.length} times`)
  if (sum(refunds) > sum(charges))
    findings.broken('M2', `order ${orderId}: ${sum(refunds)} refunded of ${sum(charges)} captured`)
  if (!isOrder) findings.broken('M2', `money was asked for order ${orderId}, which does not exist`)
}

function costsTheSameEverywhere({ id, total }: Order, facts: Facts, findings: Findings): void {
  const captured = amountsOf(facts.ledger.get(id) ?? [], 'charge')[0]
  const reservation = facts.reservations.get(id)
  if (captured !== undefined && captured !== total)
    findings.broken('M3', `order ${id} costs ${total}, captured ${captured}`)
  if (reservation && reservation.total !== total)
    findings.broken('M3', `order ${id} costs ${total}, reserved for ${reservation.total}`)
  if (reservation && reservation.priced !== total)
    findings.broken('M3', `order ${id} costs ${total}, its reserved lines ${reservation.priced}`)
  for (const { kind, amount } of facts.mails.get(id) ?? [])
    if (kind !== 'cancellation' && amount !== undefined && amount !== total)
      findings.broken('M3', `order ${id} costs ${total}, its ${kind} says ${amount ?? 'nothing'}`)
}

const movements = { settled: [1, 0], captured: [1, 0], refunded: [1, 1] } as const

function agrees(payment: Payment, entries: readonly Entry[], findings: Findings): void {
  // a person was called to find out what became of it, and a call under way may be on either side
  if (payment.needsAttention || payment.state === 'charging' || payment.state === 'refunding') return
  const { orderId, state, total, currency, chargeId } = payment
  const [charges, refunds] = [entries.filter(isCharge), entries.filter(isRefund)]
  const expected = state in movements ? movements[state as keyof typeof movements] : [0, 0]
  if (charges.length !== expected[0] || refunds.length !== expected[1])
    findings.broken(
      'M4',
      `payment of order ${orderId} is ${state}; the ledger has ${charges.length} charges, ${refunds.length} refunds`,
    )
  if (state === 'failed' && !entries.some(({ type }) => type === 'decline'))
    findings.broken('M4', `payment of order ${orderId} failed; the provider never declined it`)
  for (const entry of [...charges, ...refunds]) {
    const found = `${entry.type} ${entry.id} of ${entry.amountMinor} ${entry.currency}`
    if (entry.amountMinor !== total || entry.currency !== currency)
      findings.broken('M4', `payment of order ${orderId} is ${total} ${currency}, the ledger has ${found}`)
    if ((isCharge(entry) ? entry.id : entry.chargeId) !== chargeId)
      findings.broken('M4', `payment of order ${orderId} is charge ${chargeId}, the ledger has ${found}`)
  }
}

const isCharge = ({ type }: Entry) => type === 'charge'
const isRefund = ({ type }: Entry) => type === 'refund'

function tellsOfRefund({ id, refund }: Order, payment: Payment | undefined, findings: Findings): void {
  if ((refund === 'done') !== (payment?.state === 'refunded'))
    findings.broken('M4', `order ${id}: refund is ${refund}, its payment ${payment?.state ?? 'missing'}`)
}

interface OddPrice {
  readonly order_id: string
  readonly product_id: string
  readonly price: number
}

/**
 * M3: the price of a line was the product's price. `at` is when the reservation's transaction began; it may have waited
 * for the product's lock meanwhile, so that a price of the seconds after will do as well.
 */
async function auditPrices(databases: Databases, findings: Findings): Promise<void> {
  const odd = await databases.query<OddPrice>(
    'product-service',
    `SELECT r.order_id, line."productId" AS product_id, line."unitPriceMinor"::float8 AS price
     FROM reservations r
     CROSS JOIN json_to_recordset(r.lines) AS line("productId" uuid, "unitPriceMinor" bigint)
     JOIN stock_movements m ON m.order_id = r.order_id AND m.product_id = line."productId" AND m.kind = 'reserve'
     WHERE NOT EXISTS (
       SELECT FROM price_history h
       WHERE h.product_id = line."productId" AND h.price_minor = line."unitPriceMinor"
         AND h.valid_from <= m.at + interval '10 s'
         AND NOT EXISTS (SELECT FROM price_history newer WHERE newer.product_id = h.product_id
           AND newer.valid_from > h.valid_from AND newer.valid_from <= m.at))`,
  )
  for (const { order_id, product_id, price } of odd)
    findings.broken('M3', `order ${order_id} was reserved at ${price} for product ${product_id}, never its price then`)
}
