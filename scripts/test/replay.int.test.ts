import { Database, newId, orderCancelled, orderCreated, statement } from '@order-saga/common'
import { type TestDatabase, testDatabase } from '@order-saga/common/testing'
import { participant } from '@order-saga/order-service'
import { countReplay, type Outbox, replay, untilSent } from '../src/replay/replay'

const HOUR_MS = 3_600_000
const NOW_MS = Date.now()
const hoursAgo = (hours: number) => new Date(NOW_MS - hours * HOUR_MS)

let home: TestDatabase
let database: Database
let outboxes: readonly Outbox[]
beforeAll(async () => {
  home = await testDatabase(participant)
  database = new Database({ service: 'order-service', url: home.url, poolSize: 2 })
  outboxes = [{ service: 'order-service', url: home.url }]
})
afterAll(async () => {
  await database.close()
  await home.drop()
})
beforeEach(async () => {
  await database.execute(statement('forget', 'WITH u AS (DELETE FROM outbox_unsent) DELETE FROM outbox'))
})

const setTime = statement('set-time', 'UPDATE outbox SET created_at = $2 WHERE id = $1')
const allSent = statement('all-sent', 'DELETE FROM outbox_unsent')
const unsent = statement<{ id: string }>('unsent', 'SELECT id FROM outbox_unsent ORDER BY id')

/** An event that was sent so many hours ago. */
async function sent(hours: number, orderId = newId(), contract: 'created' | 'cancelled' = 'created'): Promise<string> {
  const cause = { correlationId: newId() }
  const id = await database.transaction(async (tx) =>
    contract === 'created'
      ? tx.emit(orderCreated, { ...orderCreated.example, orderId }, cause)
      : tx.emit(orderCancelled, { ...orderCancelled.example, orderId }, cause),
  )
  await database.execute(setTime, [id, hoursAgo(hours)])
  await database.execute(allSent)
  return id
}

const marked = async () => (await database.query(unsent)).map(({ id }) => id)
const counted = (events: number) => [{ service: 'order-service', events }]

test('what was told in the window is to be sent again, and nothing else, however often it is asked for', async () => {
  const [, second, third] = [await sent(4), await sent(3), await sent(2), await sent(1)]
  const window = { since: hoursAgo(3), until: hoursAgo(1) }
  expect(await countReplay(outboxes, window)).toEqual(counted(2))
  expect(await marked()).toEqual([])
  expect(await replay(outboxes, window)).toEqual(counted(2))
  expect(await replay(outboxes, window)).toEqual(counted(2))
  expect(await marked()).toEqual([second, third])
})

test('one order, or one type, is sent again alone', async () => {
  const order = newId()
  const [created, cancelled] = [await sent(2, order), await sent(1, order, 'cancelled')]
  const [other] = [await sent(2), await sent(1)]
  const window = { since: hoursAgo(3), until: hoursAgo(0) }
  await replay(outboxes, { ...window, orderId: order })
  expect(await marked()).toEqual([created, cancelled])
  await database.execute(allSent)
  await replay(outboxes, { ...window, type: 'order.created', until: hoursAgo(1.5) })
  expect(await marked()).toEqual([created, other].toSorted())
})

test('it is waited for until all of the window is sent, whatever is unsent besides', async () => {
  const [inside] = [await sent(2), await sent(1)]
  const window = { since: hoursAgo(3), until: hoursAgo(1.5) }
  await replay(outboxes, { ...window, until: hoursAgo(0) })
  const seen: number[] = []
  await untilSent(outboxes, window, ([order]) => {
    seen.push(order?.events ?? -1)
    void database.execute(statement('send', 'DELETE FROM outbox_unsent WHERE id = $1'), [inside])
  })
  expect(seen).toEqual([...Array(seen.length - 1).fill(1), 0])
  expect(await marked()).toHaveLength(1)
})

test('it is not waited for any longer when nothing moves, and who stands still is named', async () => {
  await sent(1)
  const window = { since: hoursAgo(2), until: hoursAgo(0) }
  await replay(outboxes, window)
  await expect(untilSent(outboxes, window, () => {}, 500)).rejects.toThrow('nothing moves: order-service 1')
})
