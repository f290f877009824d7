import { Database, type Envelope, Metrics, newId, type Saga, silent, statement } from '@order-saga/common'
import { type TestDatabase, testDatabase } from '@order-saga/common/testing'
import { Settler } from '../../common/src/messaging/settler'
import { participant, type Reservation } from '../src'
import { ProductEntity } from '../src/db/product-entity'
import { findReservation } from '../src/db/reservation-statements'
import { type ProductVersion, Reservations } from '../src/db/reservations'
import type { ReservationBook } from '../src/domain/reservation-book'
import { steps } from '../src/saga'

const insert = statement(
  'test-insert',
  `WITH added AS (
     INSERT INTO products (id, sku, name, description, category, price_minor, currency, available)
     VALUES ($1::uuid, $1::uuid::text, 'Brass ballpoint pen', '', 'office', $3, 'EUR', $2) RETURNING id, available
   ) INSERT INTO stock_movements (product_id, kind, quantity) SELECT id, 'initial', available FROM added`,
)
const piles = statement<{ available: number; reserved: number; sold: number }>(
  'test-piles',
  'SELECT available, reserved, sold FROM products WHERE id = $1',
)
const outbox = statement<{ envelope: Envelope }>('test-outbox', 'SELECT envelope FROM outbox ORDER BY id')
const unbalanced = statement<{ id: string }>(
  'test-unbalanced',
  `SELECT p.id FROM products p JOIN stock_movements m ON m.product_id = p.id GROUP BY p.id
   HAVING p.available <> sum(CASE kind WHEN 'reserve' THEN -quantity WHEN 'sell' THEN 0 ELSE quantity END)
     OR p.reserved <> sum(CASE kind WHEN 'reserve' THEN quantity WHEN 'initial' THEN 0 WHEN 'restock' THEN 0 WHEN 'adjust' THEN 0 ELSE -quantity END)
     OR p.sold <> sum(CASE kind WHEN 'sell' THEN quantity ELSE 0 END)`,
)
const parked = statement<{ id: string; reason: string }>(
  'test-parked',
  'SELECT event_id AS id, reason FROM parked ORDER BY event_id',
)
const emptyInbox = statement('test-empty-inbox', 'DELETE FROM inbox')

/** The saga side of the service over a database of its own. */
export class TestShop {
  readonly database: Database
  readonly reservations: Reservations
  readonly settler: Settler<ReservationBook>
  readonly outdated: ProductVersion[] = []

  private constructor(readonly home: TestDatabase) {
    this.database = new Database({ service: 'product-service', url: home.url, entities: [ProductEntity] })
    this.reservations = new Reservations({
      currency: 'EUR',
      stockChanged: (products) => this.outdated.push(...products),
    })
    const saga: Saga<ReservationBook> = {
      steps,
      open: (tx, events) => this.reservations.open(tx, events),
      close: (tx, book) => this.reservations.close(tx, book),
    }
    this.settler = new Settler({ database: this.database, saga, metrics: new Metrics('product-service'), log: silent })
  }

  static async open(): Promise<TestShop> {
    return new TestShop(await testDatabase(participant))
  }

  async close(): Promise<void> {
    await this.database.close()
    await this.home.drop()
  }

  async product(available: number, priceMinor = 1000, id = newId()): Promise<string> {
    await this.database.execute(insert, [id, available, priceMinor])
    return id
  }

  /** One transaction for all of them, as they would come in one batch. */
  settle(...events: Envelope[]): Promise<void> {
    return this.settler.settle(
      events.map((event) => ({ event, brokerUser: event.source })),
      [],
    )
  }

  async piles(productId: string) {
    return (await this.database.query(piles, [productId]))[0]
  }

  async reservation(orderId: string): Promise<Reservation | undefined> {
    return (await this.database.query(findReservation, [orderId]))[0]?.state
  }

  async told(subject?: string): Promise<Envelope[]> {
    const events = (await this.database.query(outbox)).map(({ envelope }) => envelope)
    return subject === undefined ? events : events.filter((event) => event.subject === subject)
  }

  async typesTold(subject: string): Promise<string[]> {
    return (await this.told(subject)).map(({ type }) => type)
  }

  /** Products whose piles are not the sum of their movements; there must be none. */
  unbalanced(): Promise<{ id: string }[]> {
    return this.database.query(unbalanced)
  }

  parked() {
    return this.database.query(parked)
  }

  forgetInbox(): Promise<number> {
    return this.database.execute(emptyInbox)
  }
}
