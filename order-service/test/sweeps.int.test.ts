import { type Database, type Id, newId } from '@order-saga/common'
import { OrderRepository } from '../src/db/order-repository'
import { DeadlineSweep, sweepRefunds } from '../src/use-cases/sweep-orders'
import { charged, refunded } from './given'
import { body, databaseAt, type OrderUnderTest, orderUnderTest } from './order-under-test'

const HOUR_MS = 3_600_000
const GRACE_MS = 30_000

let shop: OrderUnderTest
let rival: Database
beforeAll(async () => {
  shop = await orderUnderTest()
  rival = databaseAt(shop.home.url)
})
afterEach(() => shop.sql(`DELETE FROM orders WHERE status = 'pending' OR refund = 'due'`))
afterAll(async () => {
  await rival.close()
  await shop.close()
})

const repository = new OrderRepository()
const sweepOf = (database = shop.runtime.database) => new DeadlineSweep(database, repository)

const placed = async (): Promise<Id> => (await shop.place()).json().id
const view = async (id: Id) => (await shop.get(`/orders/${id}`)).json()
const answers = async (id: Id) => (await shop.told(id)).slice(1)
const expire = (ids: readonly Id[], by = '1 second') =>
  shop.sql(`UPDATE orders SET deadline_at = now() - $2::interval WHERE id = ANY($1)`, [ids, by])

/** So many orders at once, as one flood would place them. */
async function many(count: number): Promise<Id[]> {
  const answers_ = await Promise.all(Array.from({ length: count }, () => shop.place(body, { as: newId() })))
  return answers_.map((answer) => answer.json().id)
}

const verdicts = (ids: readonly Id[]) =>
  shop.sql<{ orders: number; told: number; steps: number }>(
    `SELECT (SELECT count(*)::int FROM orders WHERE id = ANY($1) AND status = 'cancelled' AND reason = 'timed_out') AS orders,
       (SELECT count(*)::int FROM outbox WHERE type = 'order.cancelled' AND envelope ->> 'subject' = ANY($1::uuid[]::text[])) AS told,
       (SELECT count(*)::int FROM order_transitions WHERE order_id = ANY($1) AND to_status = 'cancelled') AS steps`,
    [ids],
  )

describe('the deadline', () => {
  test('cancels what is still pending, and only that', async () => {
    const [late, early, paid, cancelled] = [await placed(), await placed(), await placed(), await placed()]
    await shop.saga.settle(charged(paid))
    await shop.cancel(cancelled)
    await expire([late, paid, cancelled])
    await sweepOf().run()
    expect(await view(late)).toMatchObject({ status: 'cancelled', reason: 'timed_out', refund: 'none' })
    expect(await view(early)).toMatchObject({ status: 'pending' })
    expect(await view(paid)).toMatchObject({ status: 'paid' })
    expect(await view(cancelled)).toMatchObject({ reason: 'customer_request' })
  })

  test('tells so, traced back to the order', async () => {
    const id = await placed()
    await expire([id])
    await sweepOf().run()
    const [created, cancelled, ...more] = await shop.told(id)
    expect(cancelled).toMatchObject({
      type: 'order.cancelled',
      correlationid: created?.correlationid,
      causationid: created?.id,
      data: { reason: 'timed_out' },
    })
    expect(more).toEqual([])
  })

  test('R27: is a matter of the database’s clock, whatever this process believes the time to be', async () => {
    const [early, late] = [await placed(), await placed()]
    await expire([late])
    const clock = jest.spyOn(Date, 'now')
    try {
      for (const wrongMs of [HOUR_MS, -HOUR_MS]) {
        const nowMs = Math.round(performance.timeOrigin + performance.now())
        clock.mockReturnValue(nowMs + wrongMs)
        await sweepOf().run()
      }
    } finally {
      clock.mockRestore()
    }
    expect([(await view(early)).status, (await view(late)).status]).toEqual(['pending', 'cancelled'])
  })

  test('is kept for more orders than a page holds, also when all of them share it', async () => {
    const ids = await many(1_200)
    await expire(ids)
    await sweepOf().run()
    expect(await verdicts(ids)).toEqual([{ orders: 1_200, told: 1_200, steps: 1_200 }])
  })

  test('of two instances that sweep at once is decided once', async () => {
    const ids = await many(600)
    await expire(ids)
    await Promise.all([sweepOf().run(), sweepOf(rival).run()])
    expect(await verdicts(ids)).toEqual([{ orders: 600, told: 600, steps: 600 }])
  })

  test('is kept by the same sweep again and again, also for an order that was committed late', async () => {
    const sweep = sweepOf()
    for (const by of ['1 second', '0 seconds', '5 seconds']) {
      const id = await placed()
      await sweep.run()
      await expire([id], by)
      await sweep.run()
      expect(await view(id)).toMatchObject({ reason: 'timed_out' })
    }
  })

  test('is kept within the hour even for an order far behind what was swept, as after a clock set back', async () => {
    const sweep = sweepOf()
    await sweep.run()
    const id = await placed()
    await expire([id], '1 minute')
    await sweep.run()
    expect(await view(id)).toMatchObject({ status: 'pending' })
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + HOUR_MS)
    await sweep.run()
    clock.mockRestore()
    expect(await view(id)).toMatchObject({ reason: 'timed_out' })
  })

  test('R2: and a payment at the same time: one verdict, and money that came too late is owed back', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await placed()
      await expire([id])
      await Promise.all([sweepOf().run(), shop.saga.settle(charged(id))])
      const { status, refund } = await view(id)
      expect(refund).toBe(status === 'paid' ? 'none' : 'due')
      const firsts = (await answers(id)).filter(({ repeats }) => repeats === undefined)
      expect(firsts.map(({ type }) => type)).toEqual([`order.${status}`])
    }
  })
})

describe('money owed on a cancelled order', () => {
  const owing = async (): Promise<Id> => {
    const id = await placed()
    await shop.cancel(id)
    await shop.saga.settle(charged(id))
    return id
  }
  const longAgo = (id: Id, column: 'updated_at' | 'reminded_at') =>
    shop.sql(`UPDATE orders SET ${column} = now() - interval '31 seconds' WHERE id = $1`, [id])
  const sweep = (database = shop.runtime.database) => sweepRefunds(database, repository, GRACE_MS)

  test('for longer than the grace period has the verdict told again, once per period', async () => {
    const id = await owing()
    await sweep()
    expect(await answers(id)).toHaveLength(2)
    await longAgo(id, 'updated_at')
    await sweep()
    await sweep()
    const [first, , reminder, ...more] = await answers(id)
    expect(reminder).toMatchObject({ type: 'order.cancelled', repeats: first?.id, data: { refund: 'due' } })
    expect(more).toEqual([])
    await longAgo(id, 'reminded_at')
    await sweep()
    expect(await answers(id)).toHaveLength(4)
  })

  test('is no change of the order: its tag and its content stay', async () => {
    const id = await owing()
    await longAgo(id, 'updated_at')
    const before = await shop.get(`/orders/${id}`)
    await sweep()
    const after = await shop.get(`/orders/${id}`)
    expect([after.headers.etag, after.body]).toEqual([before.headers.etag, before.body])
  })

  test('is not told of any more when it has been given back', async () => {
    const id = await owing()
    await shop.saga.settle(refunded(id))
    await longAgo(id, 'updated_at')
    await sweep()
    expect(await answers(id)).toHaveLength(2)
  })

  test('is told of once by two instances that sweep at the same time', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, owing))
    for (const id of ids) await longAgo(id, 'updated_at')
    await Promise.all([sweep(), sweep(rival)])
    for (const id of ids) expect(await answers(id)).toHaveLength(3)
  })
})
