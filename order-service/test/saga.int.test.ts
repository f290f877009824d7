import { type Envelope, type Id, newId, StaleWrite, statement, type Tx } from '@order-saga/common'
import fc from 'fast-check'
import { OrderRepository, readOrders } from '../src/db/order-repository'
import type { OrderRecord } from '../src/db/order-row'
import { paymentSucceeded } from '../src/domain/order'
import { charged, declined, moneyOverdue, pens, priced, refunded, reserved, stockOverdue, unreservable } from './given'
import { databaseAt, type OrderUnderTest, orderUnderTest, sagaOn } from './order-under-test'

let shop: OrderUnderTest
beforeAll(async () => {
  shop = await orderUnderTest()
})
afterAll(() => shop.close())

const placed = async (): Promise<Id> => (await shop.place()).json().id
const stored = async (id: Id) => (await readOrders(shop.runtime.database, [id]))[0]
/** What was told after order.created. */
const answers = async (id: Id) => (await shop.told(id)).slice(1)
const steps = (id: Id) =>
  shop.sql(
    'SELECT version, from_status, to_status, refund, reason, caused_by FROM order_transitions WHERE order_id = $1 ORDER BY version',
    [id],
  )

test('a reservation tells names, prices and total, and nobody needs to hear of it', async () => {
  const id = await placed()
  await shop.saga.settle(reserved(id))
  expect(await stored(id)).toMatchObject({ ...priced, status: 'pending', version: 2 })
  expect(await answers(id)).toEqual([])
})

test.each([
  ['a failed reservation', unreservable, { reason: 'out_of_stock', details: { productIds: [pens.productId] } }],
  ['a declined payment', declined, { reason: 'payment_declined', details: { paymentReason: 'card_expired' } }],
])('%s cancels, and tells so in the same transaction', async (_name, event, verdict) => {
  const id = await placed()
  const cause = event(id)
  await shop.saga.settle(cause)
  const order = await stored(id)
  expect(order).toMatchObject({ status: 'cancelled', refund: 'none', ...verdict })
  expect(await answers(id)).toEqual([
    expect.objectContaining({
      id: order?.verdictEventId,
      type: 'order.cancelled',
      causationid: cause.id,
      correlationid: cause.correlationid,
      data: expect.objectContaining({ orderId: id, lines: [pens], totalMinor: null, refund: 'none', ...verdict }),
    }),
  ])
  const [state, event_] = await shop.sql<{ xmin: string }>(
    `SELECT xmin::text FROM orders WHERE id = $1 UNION ALL SELECT xmin::text FROM outbox WHERE id = $2`,
    [id, order?.verdictEventId],
  )
  expect(state?.xmin).toBe(event_?.xmin)
})

test('a successful payment pays the order and tells lines and total', async () => {
  const id = await placed()
  const cause = charged(id)
  await shop.saga.settle(reserved(id), cause)
  expect(await stored(id)).toMatchObject({ ...priced, status: 'paid' })
  expect(await answers(id)).toEqual([
    expect.objectContaining({
      type: 'order.paid',
      causationid: cause.id,
      data: { orderId: id, customerId: shop.customer, ...priced },
    }),
  ])
})

test('R6: a payment that comes after the cancellation is owed back, until it is refunded', async () => {
  const id = await placed()
  await shop.cancel(id)
  const late = charged(id)
  await shop.saga.settle(late)
  expect(await stored(id)).toMatchObject({ status: 'cancelled', reason: 'customer_request', refund: 'due' })
  const [first, again] = await answers(id)
  expect(again).toMatchObject({
    type: 'order.cancelled',
    repeats: first?.id,
    causationid: late.id,
    data: { refund: 'due' },
  })
  await shop.saga.settle(refunded(id))
  expect(await stored(id)).toMatchObject({ status: 'cancelled', refund: 'done' })
  await shop.saga.settle(charged(id))
  expect(await stored(id)).toMatchObject({ refund: 'done' })
})

test.each([
  ['pending', [], 'order.created'],
  ['paid', [charged], 'order.paid'],
  ['cancelled', [declined], 'order.cancelled'],
])('whoever asks about a %s order is told again, as a new event', async (_state, history, type) => {
  const id = await placed()
  for (const event of history) await shop.saga.settle(event(id))
  const first = (await shop.told(id)).at(-1)
  const questions = [stockOverdue(id), moneyOverdue(id)]
  await shop.saga.settle(...questions)
  const repeats = (await shop.told(id)).slice(-2)
  expect(repeats.map(({ causationid }) => causationid)).toEqual(questions.map((question) => question.id))
  for (const repeat of repeats) {
    expect(repeat).toMatchObject({ type, repeats: first?.id, data: first?.data })
    expect(repeat.id).not.toBe(first?.id)
  }
})

test('R8: the same event a hundred times, in one batch and in many, has one effect', async () => {
  const id = await placed()
  const event = charged(id)
  await shop.saga.settle(...Array.from({ length: 50 }, () => event))
  await Promise.all(Array.from({ length: 50 }, () => shop.saga.settle(event)))
  expect((await answers(id)).map(({ type }) => type)).toEqual(['order.paid'])
  expect(await stored(id)).toMatchObject({ version: 2 })
})

test('with the inbox emptied a duplicate still has no second effect: the verdict is told again', async () => {
  const id = await placed()
  const event = charged(id)
  await shop.saga.settle(event)
  const before = await stored(id)
  await shop.sql('DELETE FROM inbox')
  await shop.saga.settle(event)
  expect(await stored(id)).toEqual(before)
  expect(await answers(id)).toEqual([
    expect.anything(),
    expect.objectContaining({ type: 'order.paid', repeats: before?.verdictEventId }),
  ])
})

test('R1: cancel and payment at once: one verdict, and money that came is owed back', async () => {
  for (let round = 0; round < 20; round++) {
    const id = await placed()
    const [answer] = await Promise.all([shop.cancel(id), shop.saga.settle(charged(id))])
    const order = await stored(id)
    expect([answer.statusCode, order?.status, order?.refund]).toEqual(
      order?.status === 'paid' ? [409, 'paid', 'none'] : [200, 'cancelled', 'due'],
    )
    const verdicts = (await answers(id)).filter(({ repeats }) => repeats === undefined)
    expect(verdicts.map(({ type }) => type)).toEqual([`order.${order?.status}`])
  }
})

test('R7: decline and cancel at once: cancelled for the reason that came first', async () => {
  for (let round = 0; round < 10; round++) {
    const id = await placed()
    await Promise.all([shop.cancel(id), shop.saga.settle(declined(id))])
    const [verdict, ...more] = await answers(id)
    expect(verdict?.data).toMatchObject({ reason: (await stored(id))?.reason })
    expect(more).toEqual([])
  }
})

test('every step is logged with its cause, also when one batch takes several', async () => {
  const id = await placed()
  const events = [reserved(id), declined(id), charged(id), refunded(id)]
  await shop.saga.settle(...events)
  const verdict = { to_status: 'cancelled', reason: 'payment_declined' }
  expect(await steps(id)).toEqual([
    { version: 1, from_status: null, to_status: 'pending', refund: 'none', reason: null, caused_by: null },
    {
      version: 2,
      from_status: 'pending',
      to_status: 'pending',
      refund: 'none',
      reason: null,
      caused_by: events[0]?.id,
    },
    { version: 3, from_status: 'pending', ...verdict, refund: 'none', caused_by: events[1]?.id },
    { version: 4, from_status: 'cancelled', ...verdict, refund: 'due', caused_by: events[2]?.id },
    { version: 5, from_status: 'cancelled', ...verdict, refund: 'done', caused_by: events[3]?.id },
  ])
})

test('the application can neither change nor delete a transition', async () => {
  const write = (text: string) => shop.runtime.database.execute(statement('test-forge', text))
  await expect(write(`UPDATE order_transitions SET reason = 'forged'`)).rejects.toThrow('permission denied')
  await expect(write('DELETE FROM order_transitions')).rejects.toThrow('permission denied')
  await expect(write('TRUNCATE order_transitions')).rejects.toThrow('permission denied')
})

test('an event about an unknown order is parked eight times, then dead as unknown_order', async () => {
  const event = charged(newId())
  const parked = () =>
    shop.sql<{ attempts: number; reason: string }>('SELECT attempts, reason FROM parked WHERE event_id = $1', [
      event.id,
    ])
  await shop.saga.settle(event)
  for (let attempts = 1; attempts < 8; attempts++) {
    expect(await parked()).toEqual([{ attempts, reason: 'unknown_order' }])
    await shop.sql('UPDATE parked SET next_attempt_at = now() WHERE event_id = $1', [event.id])
    await shop.saga.retryParked()
  }
  expect(await parked()).toEqual([])
  expect(await shop.sql('SELECT reason, attempts, handler FROM dead_letters WHERE event_id = $1', [event.id])).toEqual([
    { reason: 'unknown_order', attempts: 8, handler: 'confirmOrder' },
  ])
  expect(await shop.sql('SELECT id FROM inbox WHERE id = $1', [event.id])).toEqual([])
})

test('an event that came before its order is parked and takes effect when the order is there', async () => {
  const event = charged(newId())
  await shop.saga.settle(event)
  const id = await placed()
  await shop.sql(
    `UPDATE parked SET next_attempt_at = now(), envelope = replace(envelope::text, $2, $3)::json WHERE event_id = $1`,
    [event.id, event.subject, id],
  )
  await shop.saga.retryParked()
  expect(await stored(id)).toMatchObject({ status: 'paid' })
})

class FailsAfterSaving extends OrderRepository {
  override async close(tx: Tx, book: Parameters<OrderRepository['close']>[1]): Promise<void> {
    await super.close(tx, book)
    throw new Error('after the save')
  }
}

test('what fails after the save leaves nothing behind: no state, no event, no claim', async () => {
  const id = await placed()
  const before = await stored(id)
  const event = charged(id)
  await sagaOn(shop.runtime.database, new FailsAfterSaving()).settle(event)
  expect(await stored(id)).toEqual(before)
  expect(await answers(id)).toEqual([])
  expect(await steps(id)).toHaveLength(1)
  expect(await shop.sql('SELECT id FROM inbox WHERE id = $1', [event.id])).toEqual([])
  expect(await shop.sql('SELECT reason FROM parked WHERE event_id = $1', [event.id])).toEqual([
    { reason: 'handler_error' },
  ])
})

test('pollers are woken by an end that is committed, and by nothing else', async () => {
  const [id, other] = [await placed(), await placed()]
  const heard: OrderRecord[] = []
  const saga = sagaOn(shop.runtime.database, new OrderRepository((orders) => heard.push(...orders)))
  await saga.settle(reserved(id), stockOverdue(id))
  await sagaOn(shop.runtime.database, new FailsAfterSaving((orders) => heard.push(...orders))).settle(charged(id))
  expect(heard).toEqual([])
  await saga.settle(charged(id), reserved(other))
  // to the letter what a reader would find
  expect(heard).toEqual(await readOrders(shop.runtime.database, [id]))
})

test('a write that no longer finds the version it decided on is made again', async () => {
  const id = await placed()
  let rivals = 0
  class LosesOnce extends OrderRepository {
    override async close(tx: Tx, book: Parameters<OrderRepository['close']>[1]): Promise<void> {
      // as if the row lock had not held anybody off
      if (rivals++ === 0)
        await tx.execute(statement('test-rival', 'UPDATE orders SET version = version + 1 WHERE id = $1'), [id])
      await super.close(tx, book)
    }
  }
  await sagaOn(shop.runtime.database, new LosesOnce()).settle(charged(id))
  expect(rivals).toBe(2)
  expect(await stored(id)).toMatchObject({ status: 'paid', version: 2 })
})

describe('a mixed batch', () => {
  const kinds = [reserved, unreservable, charged, declined, refunded, stockOverdue, moneyOverdue]
  const ORDERS = 3

  // ids and times differ between two histories of the same events, everything else may not
  const traceOf = async (ids: readonly Id[], events: readonly Envelope[]) => {
    const known = new Map<string, string>()
    for (const [index, id] of ids.entries()) known.set(id, `order ${index}`)
    for (const [index, { id }] of events.entries()) known.set(id, `event ${index}`)
    const named = <T>(value: T): T => {
      const text = JSON.stringify(value, (key, part) =>
        ['createdAt', 'updatedAt', 'deadlineAt', 'time', 'correlationid', 'correlationId'].includes(key)
          ? undefined
          : part,
      )
      return JSON.parse(text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}/g, (id) => known.get(id) ?? 'other'))
    }
    const told = await Promise.all(ids.map((id) => shop.told(id)))
    const histories = await Promise.all(ids.map(steps))
    const firsts = told.flatMap((events_) => events_.filter(({ repeats }) => repeats === undefined))
    for (const { id, type, subject } of firsts) known.set(id, `${type} of ${known.get(subject)}`)
    return named({ orders: await Promise.all(ids.map(stored)), told, histories })
  }

  test('of many orders ends, tells and logs as its events one by one, in any split', async () => {
    const event = fc.record({ about: fc.nat(ORDERS - 1), kind: fc.nat(kinds.length - 1), repeated: fc.boolean() })
    const history = fc.array(event, { minLength: 1, maxLength: 14 })
    const splits = fc.array(fc.nat(5), { minLength: 14, maxLength: 14 })
    await fc.assert(
      fc.asyncProperty(history, splits, async (asked, sizes) => {
        const play = async (batchSize: (at: number) => number) => {
          const ids = await Promise.all(Array.from({ length: ORDERS }, placed))
          const events = asked.map(({ about, kind }) => kinds[kind]?.(ids[about] ?? '') as Envelope)
          const delivered = events.flatMap((one, index) => (asked[index]?.repeated ? [one, one] : [one]))
          for (let at = 0, batch = 0; at < delivered.length; batch++) {
            const size = batchSize(batch)
            await shop.saga.settle(...delivered.slice(at, at + size))
            at += size
          }
          return traceOf(ids, events)
        }
        const split = (batch: number) => 1 + (sizes[batch % sizes.length] ?? 0)
        const [oneByOne, inSplits, atOnce] = await Promise.all([play(() => 1), play(split), play(() => 1_000)])
        expect(inSplits).toEqual(oneByOne)
        expect(atOnce).toEqual(oneByOne)
      }),
      { numRuns: process.env.TEST_THOROUGH ? 100 : 30 },
    )
  }, 120_000)
})

test('two instances that handle the events of the same orders at once do not deadlock', async () => {
  const rival = databaseAt(shop.home.url)
  try {
    const ids = await Promise.all(Array.from({ length: 20 }, placed))
    const there = ids.map(charged)
    const back = ids.map(declined).reverse()
    await Promise.all([shop.saga.settle(...there), sagaOn(rival).settle(...back)])
    for (const id of ids) expect((await answers(id)).filter(({ repeats }) => !repeats)).toHaveLength(1)
  } finally {
    await rival.close()
  }
})

test('a verdict on an order that somebody else has decided meanwhile is not written', async () => {
  const id = await placed()
  const { database } = shop.runtime
  const repository = new OrderRepository()
  const stale = await database.transaction((tx) => repository.open(tx, [charged(id)]))
  await shop.saga.settle(unreservable(id))
  const cause = { correlationId: newId() }
  stale.decide(id, cause, (order) => paymentSucceeded(order, priced, newId))
  await expect(database.transaction((tx) => repository.close(tx, stale))).rejects.toThrow(StaleWrite)
  expect(await stored(id)).toMatchObject({ status: 'cancelled', version: 2 })
  expect((await answers(id)).map(({ type }) => type)).toEqual(['order.cancelled'])
})
