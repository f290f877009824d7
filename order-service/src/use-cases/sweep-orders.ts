import { type Database, type Decision, type Id, newId, statement, type Tx } from '@order-saga/common'
import { OrderBook } from '../db/order-book'
import { lockOrders, type OrderRepository } from '../db/order-repository'
import { causeOfOrder } from '../db/order-row'
import { deadlinePassed, type Order, refundOverdue } from '../domain/order'

const PAGE = 500

// The 10 s are for orders whose transaction took longer than their deadline, least() for a clock that was set back.
const expired = statement<{ at: string; ids: Id[] }>(
  'orders-expired',
  `SELECT now()::text AS at, ARRAY(
     SELECT id FROM orders
     WHERE deadline_at >= least($1::timestamptz, now()) - interval '10 s' AND deadline_at < now() AND status = 'pending'
     ORDER BY deadline_at LIMIT ${PAGE}
   ) AS ids`,
)

// Another instance that sweeps at the same time takes others.
const takeOwing = statement<{ id: Id }>(
  'orders-owing',
  `UPDATE orders SET reminded_at = now() WHERE id IN (
     SELECT id FROM orders WHERE refund = 'due' AND greatest(updated_at, reminded_at) < now() - $1 * interval '1 ms'
     ORDER BY id LIMIT ${PAGE} FOR UPDATE SKIP LOCKED
   ) RETURNING id`,
)

type DecideOne = (order: Order) => Decision<Order>

/** Decides over locked orders on the service's own account and tells what comes of it. */
async function decideEach(tx: Tx, orders: OrderRepository, ids: readonly Id[], decide: DecideOne): Promise<void> {
  const locked = await lockOrders(tx, ids)
  const book = new OrderBook(locked)
  for (const order of locked) {
    const decision = book.decide(order.id, causeOfOrder(order), () => decide(order))
    if (decision.kind !== 'changed' && decision.kind !== 'repeated') continue
    for (const emission of decision.emits) tx.tell(emission, causeOfOrder(order))
  }
  await orders.close(tx, book)
}

// whatever the clocks did meanwhile, no order stays pending for longer than this
const RESCAN_MS = 3_600_000

/**
 * Cancels what is pending past its deadline, by the database's clock. The scan goes along the deadlines and starts
 * where the last one found that everything earlier has ended.
 */
export class DeadlineSweep {
  #endedUpTo = '-infinity'
  #rescanAtMs = performance.now() + RESCAN_MS

  constructor(
    private readonly database: Database,
    private readonly orders: OrderRepository,
    private readonly onFound: (pastDeadline: number) => void = () => {},
  ) {}

  async run(): Promise<void> {
    if (performance.now() > this.#rescanAtMs) {
      this.#endedUpTo = '-infinity'
      this.#rescanAtMs += RESCAN_MS
    }
    while (await this.#cancelPage());
  }

  /** Answers whether there was anything to do. */
  async #cancelPage(): Promise<boolean> {
    const [page] = await this.database.query(expired, [this.#endedUpTo])
    if (!page) return false
    const { at, ids } = page
    this.onFound(ids.length)
    if (ids.length === 0) this.#endedUpTo = at
    else
      await this.database.transaction(async (tx) => {
        tx.concerns('deadlines')
        await decideEach(tx, this.orders, ids, (order) => deadlinePassed(order, newId))
      })
    return ids.length > 0
  }
}

/** Tells the verdict again where money is owed for longer than the grace period. */
export async function sweepRefunds(database: Database, orders: OrderRepository, graceMs: number): Promise<void> {
  await database.transaction(async (tx) => {
    const ids = (await tx.query(takeOwing, [graceMs])).map(({ id }) => id)
    if (ids.length === 0) return
    tx.concerns('refunds due')
    await decideEach(tx, orders, ids, (order) => refundOverdue(order, newId))
  })
}
