import {
  Database,
  type DataOf,
  type Envelope,
  type Id,
  inventoryReservationFailed,
  inventoryReservationOverdue,
  inventoryReserved,
  Metrics,
  newId,
  orderCancelled,
  orderCreated,
  orderPaid,
  type Participant,
  paymentFailed,
  paymentOverdue,
  paymentRefunded,
  paymentSucceeded,
  productBackInStock,
  productLowStock,
  productUpdated,
  type Saga,
  silent,
  userDeleted,
  userRegistered,
  userUpdated,
} from '@order-saga/common'
import { eventOf, eventually, type TestDatabase, testDatabase } from '@order-saga/common/testing'
import { participants } from '@order-saga/scripts/participants'
import pg from 'pg'
import { saga as cartSaga } from '../../../cart-service/src/saga'
import { Settler } from '../../../common/src/messaging/settler'
import { journalSaga } from '../../../logger-service/src/saga'
import { mailerSaga } from '../../../mailer-service/src/saga'
import { OrderRepository } from '../../../order-service/src/db/order-repository'
import { steps as orderSteps } from '../../../order-service/src/saga'
import { PaymentRepository } from '../../../payment-service/src/db/payment-repository'
import { steps as paymentSteps } from '../../../payment-service/src/saga'
import { Reservations } from '../../../product-service/src/db/reservations'
import { steps as productSteps } from '../../../product-service/src/saga'
import { repeatOf } from '../support/publishers'

/** One consumer with its database: it hears what the test tells, in the order in which the test tells it. */
class Hearer {
  private constructor(
    private readonly own: TestDatabase,
    private readonly database: Database,
    private readonly owner: pg.Pool,
    private readonly settler: Settler<never>,
  ) {}

  static async open<Book>({ service }: Pick<Participant, 'service'>, saga: Saga<Book>): Promise<Hearer> {
    const participant = participants.find((one) => one.service === service)
    if (!participant) throw new Error(`no ${service}`)
    const own = await testDatabase(participant)
    const database = new Database({ service, url: own.url })
    const settler = new Settler({ database, saga, metrics: new Metrics(service), log: silent })
    const owner = new pg.Pool({ connectionString: own.ownerUrl, options: '-c synchronous_commit=off', max: 2 })
    // a connection that is just ending may hear of it that its database is dropped
    owner.on('error', () => {})
    return new Hearer(own, database, owner, settler as Settler<never>)
  }

  /** In one batch; what cannot be handled yet is tried again until it can. */
  async hear(events: readonly Envelope[]): Promise<void> {
    await this.settler.settle(
      events.map((event) => ({ event, brokerUser: event.source })),
      [],
    )
  }

  async retryParked(): Promise<void> {
    await eventually(async () => {
      await this.query('UPDATE parked SET next_attempt_at = now()')
      await this.settler.retryParked()
      expect(await this.query('SELECT FROM parked')).toEqual([])
    })
  }

  async query<Row = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.owner.query(sql, values)).rows as Row[]
  }

  async close(): Promise<void> {
    await Promise.all([this.database.close(), this.owner.end()])
    await this.own.drop()
  }
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((first, n) =>
    permutations(items.filter((_, other) => other !== n)).map((rest) => [first, ...rest]),
  )
}

type History = (orderId: Id, customerId: Id) => Envelope[]

interface Heard {
  readonly orderId: Id
  readonly customerId: Id
  readonly events: readonly Envelope[]
}

/** Every permutation of a history, each about an order of its own. */
const everySequence = (history: History): Heard[] => {
  const places = history(newId(), newId()).map((_, place) => place)
  return permutations(places).map((sequence) => {
    const [orderId, customerId] = [newId(), newId()]
    const events = history(orderId, customerId)
    return { orderId, customerId, events: sequence.flatMap((place) => events[place] ?? []) }
  })
}

type Given = (orderId: Id, customerId: Id) => Promise<unknown>
type ExpectEnd = (orderId: Id, customerId: Id) => Promise<void>

const nothing: Given = async () => {}

/**
 * Tells them event by event, each order's next in a transaction after its last, and others all in one. Answers how
 * many orders it told of.
 */
async function inEverySequence(hearer: Hearer, history: History, given: Given, expectEnd: ExpectEnd): Promise<number> {
  const oneByOne = everySequence(history)
  const atOnce = everySequence(history)
  for (const { orderId, customerId } of [...oneByOne, ...atOnce]) await given(orderId, customerId)
  const places = oneByOne[0]?.events.map((_, place) => place) ?? []
  for (const place of places) await hearer.hear(oneByOne.flatMap(({ events }) => events[place] ?? []))
  await hearer.hear(atOnce.flatMap(({ events }) => events))
  await hearer.retryParked()
  for (const heard of [...oneByOne, ...atOnce])
    await expectEnd(heard.orderId, heard.customerId).catch((error) => {
      const told = heard.events.map(({ type, repeats }) => `${type}${repeats ? ' again' : ''}`).join(', ')
      throw new Error(`${atOnce.includes(heard) ? 'at once' : 'one by one'}: ${told}\n${error}`)
    })
  return oneByOne.length + atOnce.length
}

const lines = [{ productId: newId(), name: 'Stoneware mug', quantity: 2, unitPriceMinor: 500 }]
const priced = (orderId: Id, customerId: Id) => ({ orderId, customerId, lines, totalMinor: 1_000, currency: 'EUR' })
const soon = () => new Date(Date.now() + 60_000).toISOString()

const created = (orderId: Id, customerId: Id, rest: Partial<DataOf<typeof orderCreated>> = {}) => {
  const asked = lines.map(({ productId, quantity }) => ({ productId, quantity }))
  const data = { orderId, customerId, lines: asked, paymentToken: 'tok_visa', fromCart: true, deadlineAt: soon() }
  return eventOf(orderCreated, { ...data, ...rest })
}
const reserved = (orderId: Id, customerId: Id) =>
  eventOf(inventoryReserved, { ...priced(orderId, customerId), paymentToken: 'tok_visa', deadlineAt: soon() })
const succeeded = (orderId: Id, customerId: Id) => eventOf(paymentSucceeded, priced(orderId, customerId))
const declined = (orderId: Id, customerId: Id) =>
  eventOf(paymentFailed, { ...priced(orderId, customerId), reason: 'declined' })
const refunded = (orderId: Id, customerId: Id) => eventOf(paymentRefunded, priced(orderId, customerId))
const paid = (orderId: Id, customerId: Id) => eventOf(orderPaid, priced(orderId, customerId))
const cancelled = (orderId: Id, customerId: Id) =>
  eventOf(orderCancelled, { ...priced(orderId, customerId), reason: 'customer_request', details: {}, refund: 'none' })
const questions = (orderId: Id) => [
  eventOf(inventoryReservationOverdue, { orderId }),
  eventOf(paymentOverdue, { orderId }),
]
const withRepeats = (...events: Envelope[]) => [...events, ...events.map(repeatOf)]

const hearers: Hearer[] = []
async function hearing<Book>(service: Participant['service'], saga: Saga<Book>): Promise<Hearer> {
  const hearer = await Hearer.open({ service }, saga)
  hearers.push(hearer)
  return hearer
}
afterEach(async () => {
  for (const hearer of hearers.splice(0)) await hearer.close()
})

describe('R9 order-service hears what became of an order in every possible sequence', () => {
  const PENDING = `INSERT INTO orders (id, customer_id, status, lines, currency, payment_token, from_cart, deadline_at,
    created_event_id, fingerprint, correlation_id) VALUES ($1, $2, 'pending', $3, 'EUR', 'tok_visa', true,
    now() + interval '1 minute', $4, '', $5)`
  const CANCELLED = `UPDATE orders SET status = 'cancelled', reason = 'customer_request', verdict_event_id = $2, version = 2
    WHERE id = $1`

  const orders = async () => {
    const repository = new OrderRepository()
    const hearer = await hearing('order-service', {
      steps: orderSteps,
      open: (tx, events) => repository.open(tx, events),
      close: (tx, book) => repository.close(tx, book),
    })
    const pending = async (orderId: Id, customerId: Id) =>
      void (await hearer.query(PENDING, [orderId, customerId, JSON.stringify(lines), newId(), newId()]))
    const alreadyCancelled = async (orderId: Id, customerId: Id) => {
      await pending(orderId, customerId)
      await hearer.query(CANCELLED, [orderId, newId()])
    }
    const is =
      (end: object): ExpectEnd =>
      async (orderId) => {
        const sql = 'SELECT status, reason, refund, total_minor::int AS total FROM orders WHERE id = $1'
        expect(await hearer.query(sql, [orderId])).toEqual([end])
      }
    const expectNoSecondVerdict = async () => {
      const sql = `SELECT envelope ->> 'subject' AS id FROM outbox WHERE type IN ('order.paid', 'order.cancelled')
        AND envelope ->> 'repeats' IS NULL GROUP BY 1 HAVING count(*) > 1`
      expect(await hearer.query(sql)).toEqual([])
    }
    return { hearer, pending, alreadyCancelled, is, expectNoSecondVerdict }
  }

  test('R9 of a paid order: paid', async () => {
    const { hearer, pending, is, expectNoSecondVerdict } = await orders()
    const history: History = (id, ada) => [reserved(id, ada), ...withRepeats(succeeded(id, ada)), ...questions(id)]
    const end = { status: 'paid', reason: null, refund: 'none', total: 1_000 }
    await inEverySequence(hearer, history, pending, is(end))
    await expectNoSecondVerdict()
  })

  test('R9 of a cancelled order that was charged all the same: the refund never moves back', async () => {
    const { hearer, alreadyCancelled, is } = await orders()
    const history: History = (id, ada) => [succeeded(id, ada), ...withRepeats(refunded(id, ada)), ...questions(id)]
    const end = { status: 'cancelled', reason: 'customer_request', refund: 'done', total: null }
    await inEverySequence(hearer, history, alreadyCancelled, is(end))
  })

  test('R9 of an order that is declined: cancelled', async () => {
    const { hearer, pending, is, expectNoSecondVerdict } = await orders()
    const history: History = (id, ada) => [reserved(id, ada), ...withRepeats(declined(id, ada)), ...questions(id)]
    // the total is known only if the reservation was heard of first
    const end = { status: 'cancelled', reason: 'payment_declined', refund: 'none', total: expect.anything() }
    await inEverySequence(hearer, history, pending, (id, ada) =>
      is(end)(id, ada).catch(() => is({ ...end, total: null })(id, ada)),
    )
    await expectNoSecondVerdict()
  })

  test('R9 of an order that cannot be reserved: cancelled', async () => {
    const { hearer, pending, is, expectNoSecondVerdict } = await orders()
    const failed = (orderId: Id, customerId: Id) =>
      eventOf(inventoryReservationFailed, { orderId, customerId, reason: 'out_of_stock', details: {} })
    const history: History = (id, ada) => [...withRepeats(failed(id, ada)), ...questions(id)]
    const end = { status: 'cancelled', reason: 'out_of_stock', refund: 'none', total: null }
    await inEverySequence(hearer, history, pending, is(end))
    await expectNoSecondVerdict()
  })
})

describe('R9 product-service hears how an order went in every possible sequence', () => {
  const PIECES = 10_000
  const STOCK = `INSERT INTO products (id, sku, name, description, category, price_minor, currency, available)
    VALUES ($1::uuid, $1::text, 'Stoneware mug', '', 'kitchen', 500, 'EUR', ${PIECES})`

  const stock = async () => {
    const reservations = new Reservations({ currency: 'EUR', stockChanged: () => {} })
    const hearer = await hearing('product-service', {
      steps: productSteps,
      open: (tx, events) => reservations.open(tx, events),
      close: (tx, book) => reservations.close(tx, book),
    })
    await hearer.query(STOCK, [lines[0]?.productId])
    const expectState = (state: string) => async (orderId: Id) =>
      expect(await hearer.query('SELECT state FROM reservations WHERE order_id = $1', [orderId])).toEqual([{ state }])
    const expectStock = async (sold: number) =>
      expect(await hearer.query('SELECT available, reserved, sold FROM products')).toEqual([
        { available: PIECES - sold, reserved: 0, sold },
      ])
    return { hearer, expectState, expectStock }
  }

  test('R9 of a paid order: sold, once', async () => {
    const { hearer, expectState, expectStock } = await stock()
    const history: History = (id, ada) => withRepeats(created(id, ada), paid(id, ada))
    await expectStock(2 * (await inEverySequence(hearer, history, nothing, expectState('sold'))))
  })

  test('R9 of a declined order: released, and every piece is back once', async () => {
    const { hearer, expectState, expectStock } = await stock()
    const history: History = (id, ada) => [
      ...withRepeats(created(id, ada)),
      declined(id, ada),
      ...withRepeats(cancelled(id, ada)),
    ]
    await inEverySequence(hearer, history, nothing, expectState('released'))
    await expectStock(0)
  })
})

describe('R9 payment-service hears of an order in every possible sequence', () => {
  const payments = async () => {
    const repository = new PaymentRepository({ leaseMs: 1_000, graceMs: 1_000, onCalls: () => {} })
    const hearer = await hearing('payment-service', {
      steps: paymentSteps,
      open: (tx, events) => repository.open(tx, events),
      close: (tx, book) => repository.close(tx, book),
    })
    const captured = async (orderId: Id, customerId: Id) => {
      await hearer.hear([reserved(orderId, customerId)])
      const sql = `UPDATE payments SET state = 'captured', charge_id = 'ch', payment_token = NULL, answer_id = $2,
        next_attempt_at = NULL, next_ask_at = deadline_at WHERE order_id = $1`
      await hearer.query(sql, [orderId, newId()])
    }
    const stateOf = async (orderId: Id) =>
      (
        await hearer.query<{ state: string; cancel: boolean }>(
          'SELECT state, cancel FROM payments WHERE order_id = $1',
          [orderId],
        )
      )[0]
    return { hearer, captured, stateOf }
  }

  test('R9 of a cancelled order: either never charged, or whatever comes of the charge is given back', async () => {
    const { hearer, stateOf } = await payments()
    const history: History = (id, ada) => withRepeats(reserved(id, ada), cancelled(id, ada))
    await inEverySequence(hearer, history, nothing, async (orderId) => {
      const payment = await stateOf(orderId)
      expect(payment?.state === 'voided' || (payment?.state === 'charging' && payment.cancel)).toBe(true)
    })
  })

  test('R9 of a charged order that is cancelled: given back', async () => {
    const { hearer, captured, stateOf } = await payments()
    const history: History = (id, ada) => [reserved(id, ada), ...withRepeats(cancelled(id, ada))]
    await inEverySequence(hearer, history, captured, async (orderId) =>
      expect((await stateOf(orderId))?.state).toBe('refunding'),
    )
  })

  test('R9 of a paid order: settled', async () => {
    const { hearer, captured, stateOf } = await payments()
    const history: History = (id, ada) => [reserved(id, ada), ...withRepeats(paid(id, ada))]
    await inEverySequence(hearer, history, captured, async (orderId) =>
      expect((await stateOf(orderId))?.state).toBe('settled'),
    )
  })
})

test('R9 cart-service hears of a cancelled order in every possible sequence: the cart is as it was', async () => {
  const hearer = await hearing('cart-service', cartSaga)
  const full = async (_orderId: Id, customerId: Id) => {
    await hearer.query('INSERT INTO carts VALUES ($1)', [customerId])
    const sql = 'INSERT INTO cart_lines (customer_id, product_id, quantity) VALUES ($1, $2, 3)'
    await hearer.query(sql, [customerId, lines[0]?.productId])
  }
  const history: History = (id, ada) => withRepeats(created(id, ada), cancelled(id, ada))
  await inEverySequence(hearer, history, full, async (_orderId, customerId) => {
    const sql = 'SELECT quantity FROM cart_lines WHERE customer_id = $1'
    expect(await hearer.query(sql, [customerId])).toEqual([{ quantity: 3 }])
  })
})

test('R9 cart-service hears of a product in every possible sequence: the newest price, and what is left of it', async () => {
  const hearer = await hearing('cart-service', cartSaga)
  const copyOf = (version: number, priceMinor: number, productId: Id) =>
    eventOf(productUpdated, { ...productUpdated.example, productId, version, priceMinor, available: 9 })
  const leftOf = (version: number, available: number, productId: Id) =>
    eventOf(productLowStock, { productId, available, threshold: 5, version })
  const history: History = (id) => [
    copyOf(1, 100, id),
    ...withRepeats(leftOf(2, 5, id)),
    copyOf(3, 120, id),
    leftOf(4, 0, id),
    eventOf(productBackInStock, { productId: id, available: 2, version: 5 }),
  ]
  await inEverySequence(hearer, history, nothing, async (productId) => {
    const sql = `SELECT version, price_minor::int AS price, available, stock_version AS stock FROM products
      WHERE product_id = $1`
    expect(await hearer.query(sql, [productId])).toEqual([{ version: 3, price: 120, available: 2, stock: 5 }])
  })
})

describe('R9 mailer-service hears of an order and its customer in every possible sequence', () => {
  const kinds =
    (...expected: string[]) =>
    (hearer: Hearer) =>
    async (orderId: Id, customerId: Id) => {
      const sql = 'SELECT kind FROM mails WHERE subject_id = $1 ORDER BY kind'
      const found = await hearer.query<{ kind: string }>(sql, [orderId])
      expect(found.map(({ kind }) => kind)).toEqual(expected)
      const addresses = await hearer.query('SELECT email FROM addresses WHERE user_id = $1', [customerId])
      expect(addresses).toEqual([{ email: 'new@example.com' }])
    }
  const moves = (userId: Id) => [
    eventOf(userRegistered, { userId, email: 'old@example.com', name: 'Ada', version: 1 }),
    eventOf(userUpdated, { userId, email: 'new@example.com', name: 'Ada', version: 2 }),
  ]

  test('R9 of a paid order: one receipt to the newest address', async () => {
    const hearer = await hearing(
      'mailer-service',
      mailerSaga(() => {}),
    )
    const history: History = (id, ada) => [...moves(ada), ...withRepeats(paid(id, ada))]
    await inEverySequence(hearer, history, nothing, kinds('receipt')(hearer))
  })

  test('R9 of a cancelled order whose money went back: one notice and one refund', async () => {
    const hearer = await hearing(
      'mailer-service',
      mailerSaga(() => {}),
    )
    const history: History = (id, ada) => [...moves(ada), cancelled(id, ada), ...withRepeats(refunded(id, ada))]
    await inEverySequence(hearer, history, nothing, kinds('cancellation', 'refund')(hearer))
  })

  test('R9 of somebody who deletes the account: no address is left, whatever comes late', async () => {
    const hearer = await hearing(
      'mailer-service',
      mailerSaga(() => {}),
    )
    const deleted = (userId: Id) => eventOf(userDeleted, { userId, version: 3 })
    const history: History = (id, ada) => [...moves(ada), ...withRepeats(deleted(ada)), paid(id, ada)]
    await inEverySequence(hearer, history, nothing, async (_orderId, customerId) => {
      const sql = 'SELECT email, name FROM addresses WHERE user_id = $1'
      expect(await hearer.query(sql, [customerId])).toEqual([{ email: null, name: null }])
    })
  })
})

test('R9 logger-service hears an order in every possible sequence: each event is written down once', async () => {
  const hearer = await hearing('logger-service', journalSaga)
  const history: History = (id, ada) => [created(id, ada), reserved(id, ada), succeeded(id, ada), paid(id, ada)]
  await inEverySequence(hearer, history, nothing, async (orderId) => {
    const types = await hearer.query<{ type: string }>('SELECT type FROM journal WHERE order_id = $1 ORDER BY id', [
      orderId,
    ])
    expect(types.map(({ type }) => type)).toEqual([
      'order.created',
      'inventory.reserved',
      'payment.succeeded',
      'order.paid',
    ])
  })
})
