import { Database, type Envelope, orderCancelled, orderCreated, orderPaid, statement } from '@order-saga/common'
import { findJourneys } from '../src/db/journeys'
import { isOpen, projectAll } from '../src/domain/projection'
import { type Logger, startLogger } from './logger'
import { declined, happy, newStory, outOfStock, refunded, stuck, toEntry } from './stories'

let logger: Logger
beforeAll(async () => {
  logger = await startLogger()
})
beforeEach(() => logger.database.execute(statement('forget', 'DELETE FROM journeys')))
afterAll(() => logger.close())

const all = statement<Record<string, unknown>>(
  'all-journeys',
  `SELECT id AS "orderId", customer_id AS "customerId", heard, verdict_id AS "verdictId", status, reason,
     ended_at AS "endedAt", placed_at AS "placedAt", deadline_at AS "deadlineAt", moved_at AS "movedAt",
     total_minor::float8 AS "totalMinor", currency FROM journeys ORDER BY id`,
)
const rows = async () => JSON.parse(JSON.stringify(await logger.database.query(all))) as unknown[]

// contradictory verdicts cannot happen, and would have to end in one row all the same
const contradictory = (story = newStory()) =>
  story.and(orderCreated).and(orderPaid).and(orderCancelled, { reason: 'timed_out' })

const shuffled = (events: readonly Envelope[]): Envelope[] =>
  events
    .map((event) => [Math.random(), event] as const)
    .sort(([a], [b]) => a - b)
    .map(([, event]) => event)

const stories = () => [happy(), outOfStock(), declined(), refunded(), stuck(), contradictory()]

test('the table says what the pure projection says, in whatever order and batches it was heard, and so does a new one', async () => {
  for (let round = 0; round < 10; round++) {
    const events = stories().flatMap((story) => story.events)
    const heard = shuffled([...events, ...events])
    while (heard.length > 0) await logger.hear(heard.splice(0, 1 + Math.floor(Math.random() * 5)))
    // the inbox may have forgotten some
    await logger.forgetInbox()
    await logger.hear(shuffled(events))
    const ids = new Set(projectAll(events.map(toEntry)).map(({ orderId }) => orderId))
    const expected = projectAll(events.map(toEntry)).sort((a, b) => (a.orderId < b.orderId ? -1 : 1))
    const told = (await rows()).filter((row) => ids.has((row as { orderId: string }).orderId))
    expect(told).toEqual(expected)
  }
  const before = await rows()
  const owner = new Database({ service: 'logger-service', url: logger.db.ownerUrl })
  await owner.query(statement('rebuild', 'SELECT rebuild_journeys()'))
  await owner.close()
  expect(await rows()).toEqual(before)
})

test('two instances that hear parts of the same orders at once agree, and do not deadlock', async () => {
  const events = Array.from({ length: 20 }, stories)
    .flat()
    .flatMap((story) => story.events)
  await Promise.all(Array.from({ length: 5 }, () => logger.hear(shuffled(events))))
  expect(await rows()).toEqual(projectAll(events.map(toEntry)).sort((a, b) => (a.orderId < b.orderId ? -1 : 1)))
})

test('an order is told of as changed when it has changed, not when it was heard of again', async () => {
  const { events } = happy()
  await logger.hear(events)
  const written = statement<{ in: string }>('changed-in', 'SELECT changed_in::text AS in FROM journeys')
  const before = await logger.database.query(written)
  await logger.forgetInbox()
  await logger.hear(events)
  expect(await logger.database.query(written)).toEqual(before)
})

test('the index of open orders means the same as the pure function', async () => {
  const insert = statement(
    'insert-heard',
    `INSERT INTO journeys (id, heard, status, moved_at)
     SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(heard * 3 + n), 12, '0'))::uuid, heard, status, '2026-01-01'
     FROM generate_series(0, 511) heard, unnest(ARRAY['pending', 'paid', 'cancelled']) WITH ORDINALITY AS s(status, n)`,
  )
  await logger.database.execute(insert)
  const open = await findJourneys(logger.database, { stuckForS: 0 }, 5_000)
  const everything = await findJourneys(logger.database, {}, 5_000)
  const expected = everything.filter(isOpen).map(({ orderId }) => orderId)
  expect(open.map(({ orderId }) => orderId)).toEqual(expected)
  expect(expected.length).toBeGreaterThan(512)
  expect(expected.length).toBeLessThan(everything.length)
})
