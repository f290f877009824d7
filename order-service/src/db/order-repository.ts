import { type Change, type Envelope, type Id, type Queryable, StaleWrite, statement, type Tx } from '@order-saga/common'
import type { Order } from '../domain/order'
import { OrderBook, type Transition } from './order-book'
import { COLUMNS, type OrderRecord, type OrderRow, toOrder } from './order-row'

const lock = statement<OrderRow>(
  'orders-lock',
  `SELECT ${COLUMNS} FROM orders WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
)

const read = statement<OrderRow>('orders-read', `SELECT ${COLUMNS} FROM orders WHERE id = ANY($1::uuid[])`)

const ended = statement<{ id: Id }>(
  'orders-ended',
  `SELECT id FROM orders WHERE id = ANY($1::uuid[]) AND status <> 'pending'`,
)

const changed = statement<{ id: Id }>(
  'orders-changed',
  `SELECT o.id FROM orders o JOIN unnest($1::uuid[], $2::int[]) AS seen(id, version) ON o.id = seen.id
   WHERE o.version > seen.version`,
)

// with every step, in one statement; the application may neither change nor delete a step
const save = statement<{ updated_at: Date }>(
  'orders-save',
  `WITH saved AS (
     UPDATE orders SET status = n.status, lines = n.lines, total_minor = n.total_minor, currency = n.currency, reason = n.reason,
       details = n.details, refund = n.refund, verdict_event_id = n.verdict_event_id, version = n.version, updated_at = now()
     FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::json[], $6::bigint[], $7::text[], $8::text[], $9::json[], $10::text[], $11::uuid[])
       AS n(id, expected_version, version, status, lines, total_minor, currency, reason, details, refund, verdict_event_id)
     WHERE orders.id = n.id AND orders.version = n.expected_version
     RETURNING orders.id, orders.updated_at
   ), logged AS (
     INSERT INTO order_transitions (order_id, version, from_status, to_status, refund, reason, caused_by)
     SELECT step.* FROM unnest($12::uuid[], $13::int[], $14::text[], $15::text[], $16::text[], $17::text[], $18::uuid[])
       AS step(order_id, version, from_status, to_status, refund, reason, caused_by)
     WHERE step.order_id IN (SELECT id FROM saved)
   )
   SELECT updated_at FROM saved`,
)

export async function lockOrders(tx: Tx, ids: readonly Id[]): Promise<OrderRecord[]> {
  return (await tx.query(lock, [[...new Set(ids)].sort()])).map(toOrder)
}

export async function readOrders(db: Queryable, ids: readonly Id[]): Promise<OrderRecord[]> {
  return (await db.query(read, [ids])).map(toOrder)
}

/** Which of them have ended. */
export async function endedOf(db: Queryable, ids: readonly Id[]): Promise<Id[]> {
  return (await db.query(ended, [ids])).map(({ id }) => id)
}

/** Which of them have changed since the version that was seen. */
export async function changedOf(db: Queryable, seen: ReadonlyMap<Id, number>): Promise<Id[]> {
  return (await db.query(changed, [[...seen.keys()], [...seen.values()]])).map(({ id }) => id)
}

/**
 * Loads and writes orders for the saga; `onEnded` and `onChanged` hear after the commit which orders have,
 * `onVerdicts` how those have ended that it decided.
 */
export class OrderRepository {
  constructor(
    private readonly onEnded: (orders: readonly OrderRecord[]) => void = () => {},
    private readonly onChanged: (ids: readonly Id[]) => void = () => {},
    private readonly onVerdicts: (orders: readonly Order[]) => void = () => {},
  ) {}

  async open(tx: Tx, events: readonly Envelope[]): Promise<OrderBook> {
    const ids = events.map(({ subject }) => subject)
    return new OrderBook(await lockOrders(tx, ids))
  }

  async close(tx: Tx, book: OrderBook): Promise<void> {
    const changes = book.changes()
    if (changes.length === 0) return
    const updatedAt = await saveAll(tx, changes, book.transitions)
    const endedNow = changes
      .filter(({ after }) => after.status !== 'pending')
      .map(({ before, after }) => ({ ...(before as OrderRecord), ...after, updatedAt }))
    const verdicts = book.transitions.filter(({ before, after }) => before.status !== after.status)
    tx.afterCommit(() => {
      this.onVerdicts(verdicts.map(({ after }) => after))
      this.onEnded(endedNow)
      this.onChanged(changes.map(({ id }) => id))
    })
  }
}

/** Answers when, which is the same for all rows of a transaction. */
async function saveAll(tx: Tx, changes: readonly Change<Order>[], steps: readonly Transition[]): Promise<string> {
  const saved = await tx.query(save, [...columnsOf(changes), ...columnsOfSteps(steps)])
  const [first] = saved
  if (saved.length !== changes.length || !first) throw new StaleWrite(save.name, changes.length, saved.length)
  return first.updated_at.toISOString()
}

function columnsOf(changes: readonly Change<Order>[]): unknown[] {
  const column = <T>(pick: (order: Order) => T) => changes.map(({ after }) => pick(after))
  return [
    column(({ id }) => id),
    changes.map(({ before }) => before.version),
    column(({ version }) => version),
    column(({ status }) => status),
    column(({ lines }) => JSON.stringify(lines)),
    column(({ totalMinor }) => totalMinor),
    column(({ currency }) => currency),
    column(({ reason }) => reason),
    column(({ details }) => JSON.stringify(details)),
    column(({ refund }) => refund),
    column(({ verdictEventId }) => verdictEventId),
  ]
}

function columnsOfSteps(steps: readonly Transition[]): unknown[] {
  const sorted = [...steps].sort((a, b) => (a.after.id < b.after.id ? -1 : 1))
  const column = <T>(pick: (step: Transition) => T) => sorted.map(pick)
  return [
    column(({ after }) => after.id),
    column(({ after }) => after.version),
    column(({ before }) => before.status),
    column(({ after }) => after.status),
    column(({ after }) => after.refund),
    column(({ after }) => after.reason),
    column(({ cause }) => cause?.causationId ?? null),
  ]
}
