import type { Id } from '@order-saga/common'
import type { Entry } from '../../../payment-service/simulator/ledger'
import type { ArrivedMail } from './outside'
import type { TestShop } from './test-shop'

interface Line {
  readonly productId: Id
  readonly quantity: number
}
interface OrderFact {
  readonly id: Id
  readonly status: string
  readonly total: number | null
  readonly refund: string
  readonly lines: readonly Line[]
  readonly verdicts: number
}
interface ReservationFact {
  readonly order_id: Id
  readonly state: string
  readonly lines: readonly (Line & { unitPriceMinor: number })[] | null
  readonly total: number | null
}
interface PaymentFact {
  readonly order_id: Id
  readonly state: string
  readonly total: number | null
  readonly refund_by: string | null
  readonly needs_attention: string | null
}
interface StockFact {
  readonly id: Id
  readonly available: number
  readonly reserved: number
  readonly sold: number
  readonly supplied: number
}

interface Facts {
  readonly orders: readonly OrderFact[]
  readonly reservations: ReadonlyMap<Id, ReservationFact>
  readonly payments: ReadonlyMap<Id, PaymentFact>
  readonly ledger: ReadonlyMap<Id, Entry[]>
  readonly products: readonly StockFact[]
  readonly mails: ReadonlyMap<Id, string[]>
  readonly mailerLosses: number
}

async function gather({ premises, outside, mailerLosses }: TestShop): Promise<Facts> {
  const [orders, reservations, payments, products, ledger, mails] = await Promise.all([
    premises.query<OrderFact>(
      'order-service',
      `SELECT id, status, total_minor::float8 AS total, refund, lines,
         (SELECT count(*)::int FROM order_transitions t WHERE order_id = o.id AND to_status <> 'pending'
            AND from_status = 'pending') AS verdicts
       FROM orders o`,
    ),
    premises.query<ReservationFact>(
      'product-service',
      'SELECT order_id, state, lines, total_minor::float8 AS total FROM reservations',
    ),
    premises.query<PaymentFact>(
      'payment-service',
      'SELECT order_id, state, total_minor::float8 AS total, refund_by, needs_attention FROM payments',
    ),
    premises.query<StockFact>(
      'product-service',
      `SELECT id, available, reserved, sold, (SELECT coalesce(sum(quantity), 0)::int FROM stock_movements
         WHERE product_id = p.id AND kind IN ('initial', 'restock', 'adjust')) AS supplied
       FROM products p`,
    ),
    outside.ledger(),
    outside.mails(),
  ])
  return {
    orders,
    products,
    reservations: new Map(reservations.map((one) => [one.order_id, one])),
    payments: new Map(payments.map((one) => [one.order_id, one])),
    ledger: groupBy(ledger, ({ reference }) => reference),
    mails: mailsByOrder(mails),
    mailerLosses,
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => Id): Map<Id, T[]> {
  const groups = new Map<Id, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** Message-IDs read `kind.subject@host`. */
function mailsByOrder(mails: readonly ArrivedMail[]): Map<Id, string[]> {
  const groups = groupBy(
    mails.map(({ MessageID }) => MessageID.split(/[.@]/)),
    ([, subject = '']) => subject,
  )
  return new Map([...groups].map(([id, some]) => [id, some.map(([kind = '']) => kind)]))
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
const amounts = (entries: readonly Entry[], type: Entry['type']) =>
  entries.filter((entry) => entry.type === type).map(({ amountMinor }) => amountMinor)

/** M1, M2, M4: what the provider's own ledger says, against order and payment. */
function* money({ orders, payments, ledger }: Facts): Generator<string> {
  for (const { id, status, total } of orders) {
    const payment = payments.get(id)
    const entries = ledger.get(id) ?? []
    const [charges, refunds] = [amounts(entries, 'charge'), amounts(entries, 'refund')]
    const due = status === 'paid' && payment?.refund_by !== 'administrator' ? total : 0
    if (sum(charges) - sum(refunds) !== due) yield `M1 ${status} order ${id}: ${charges} charged, ${refunds} refunded`
    if (charges.length > 1) yield `M2 order ${id} was charged ${charges.length} times`
    if (refunds.length > 1) yield `M2 order ${id} was refunded ${refunds.length} times`
    if (status === 'paid' && charges[0] !== total) yield `M3 order ${id} costs ${total}, charged ${charges}`
    if (payment?.needs_attention) continue
    const expected = { settled: [1, 0], refunded: [1, 1] }[payment?.state ?? ''] ?? [0, 0]
    if (charges.length !== expected[0] || refunds.length !== expected[1])
      yield `M4 payment ${id} is ${payment?.state}, the ledger has ${charges.length} charges, ${refunds.length} refunds`
  }
  for (const id of ledger.keys())
    if (!orders.some((order) => order.id === id)) yield `M2 money moved for no order: ${id}`
}

/** S1, S2, S3: every piece is somewhere, and nothing is held for an order that has ended. */
function* stock({ orders, reservations, products }: Facts): Generator<string> {
  for (const { id, available, reserved, sold, supplied } of products) {
    if (available + reserved + sold !== supplied)
      yield `S1 product ${id}: ${supplied} supplied, ${available} available, ${reserved} reserved, ${sold} sold`
    if (reserved !== 0) yield `S2 product ${id}: ${reserved} still reserved`
  }
  for (const { id, status, lines, total } of orders) {
    const reservation = reservations.get(id)
    if ((status === 'paid') !== (reservation?.state === 'sold'))
      yield `S2 ${status} order ${id}, reservation ${reservation?.state}`
    if (reservation?.state !== 'sold') continue
    const held = reservation.lines ?? []
    if (quantities(held) !== quantities(lines)) yield `S3 order ${id} has other lines than its reservation`
    const priced = sum(held.map(({ quantity, unitPriceMinor }) => quantity * unitPriceMinor))
    if (priced !== total) yield `M3 order ${id} costs ${total}, its lines ${priced}`
  }
}

const quantities = (lines: readonly Line[]): string =>
  lines
    .map(({ productId, quantity }) => `${productId} ${quantity}`)
    .sort()
    .join()

/** T2, T4, E1, E2: every order has ended, once, and its customer was told, once. */
function* endings({ orders, payments, mails, mailerLosses }: Facts): Generator<string> {
  for (const { id, status, refund, verdicts } of orders) {
    if (status === 'pending') {
      yield `T2 order ${id} is pending`
      continue
    }
    if (verdicts !== 1) yield `T4 order ${id} has ended ${verdicts} times`
    if (refund === 'due') yield `M1 order ${id} is still owed money`
    const isRefunded = payments.get(id)?.state === 'refunded'
    if ((refund === 'done') !== isRefunded) yield `M4 order ${id}: refund ${refund}, payment ${payments.get(id)?.state}`
    const expected = [status === 'paid' ? 'receipt' : 'cancellation', ...(isRefunded ? ['refund'] : [])].sort()
    const arrived = [...(mails.get(id) ?? [])].sort()
    if ([...new Set(arrived)].join() !== expected.join())
      yield `E1 ${status} order ${id}: mails ${arrived}, not ${expected}`
    for (const kind of expected) {
      const copies = arrived.filter((one) => one === kind).length
      if (copies > 1 + mailerLosses)
        yield `E2 order ${id}: ${copies} times ${kind}, mailer lost what it had ${mailerLosses} times`
    }
  }
}

/** L1, L2, L3: the journal is what was told, no more and no less, and every cause is known. */
async function* journal({ premises, publishers, services }: TestShop): AsyncGenerator<string> {
  type Told = { id: Id; cause: Id | null }
  const sql = `SELECT id, envelope ->> 'causationid' AS cause FROM outbox`
  const outboxes = await Promise.all(services.map((service) => premises.query<Told>(service, sql)))
  const told = new Map(outboxes.flat().map(({ id, cause }) => [id, cause]))
  for (const { id, causationid = null } of publishers.byHand.values()) told.set(id, causationid)
  const written = new Set(
    (await premises.query<{ id: Id }>('logger-service', 'SELECT id FROM journal')).map(({ id }) => id),
  )
  for (const [id, cause] of told) {
    if (!written.has(id)) yield `L1 event ${id} is not in the journal`
    if (cause && !told.has(cause)) yield `L3 event ${id} was caused by the unknown ${cause}`
  }
  for (const id of written) if (!told.has(id)) yield `L2 the journal has ${id}, which nobody told`
}

/** L5, D1, P1: nothing is left over, and nobody had to raise an alarm. */
async function* leftovers(shop: TestShop): AsyncGenerator<string> {
  for (const service of shop.services) {
    const count = async (table: string) => (await shop.premises.query(service, `SELECT FROM ${table}`)).length
    for (const table of ['outbox_unsent', 'parked', 'dead_letters'])
      if ((await count(table)) > 0) yield `L5 ${service}: ${await count(table)} rows in ${table}`
  }
  for (const url of shop.urls) {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    for (const [line] of metrics.matchAll(/^saga_alarms_total\{.*\} [1-9].*$/gm)) yield `P1 ${line}`
  }
}

/** The promises of the shop that are broken right now, from its databases, the provider's ledger and the mails alone. */
export async function brokenPromises(shop: TestShop): Promise<string[]> {
  const facts = await gather(shop)
  const broken = [...money(facts), ...stock(facts), ...endings(facts)]
  for await (const one of journal(shop)) broken.push(one)
  for await (const one of leftovers(shop)) broken.push(one)
  return broken
}
