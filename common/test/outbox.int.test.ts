import { type Id, newId, orderCreated, orderPaid, statement } from '@order-saga/common'
import { eventually, servers, TcpProxy } from '@order-saga/common/testing'
import { unsent } from '../src/outbox/relay'
import { effectSaga } from './support/effects'
import { inboxIds, isConnected, type Plumbing, placeOrders, Shop, unsentIds } from './support/shop'

jest.setTimeout(90_000)

let shop: Shop
beforeAll(async () => {
  shop = await Shop.open()
})
afterEach(() => shop.reset())
afterAll(() => shop.close())

const ids = (count: number) => Array.from({ length: count }, newId)
const receive = () => shop.start('product-service', { saga: effectSaga() as never })
const unsentOf = async ({ database }: Plumbing) => (await database.query(unsentIds)).map(({ id }) => id)
const arrived = (expected: readonly Id[]) =>
  eventually(async () => expect((await shop.effectIds()).toSorted()).toEqual(expected.toSorted()), 60_000)
const allSent = (plumbing: Plumbing) => eventually(async () => expect(await unsentOf(plumbing)).toEqual([]))
const totalOf = async (counter: { get(): Promise<{ values: { value: number; labels: object }[] }> }, labels = {}) => {
  const { values } = await counter.get()
  const found = values.filter((each) =>
    Object.entries(labels).every(([key, value]) => each.labels[key as never] === value),
  )
  return found.reduce((sum, { value }) => sum + value, 0)
}

it('what was committed and never published is published by whoever comes next, another instance as well', async () => {
  await receive()
  const crashed = shop.plumb('order-service')
  const events = await placeOrders(crashed.database, ids(2_500))
  await crashed.stop()
  const next = await shop.start('order-service')
  await arrived(events)
  await allSent(next)
  expect(await totalOf(next.metrics.swept)).toBe(2_500)
})

it('an event of a transaction that rolls back is never published', async () => {
  const sender = await shop.start('order-service')
  await receive()
  const failing = sender.database.transaction(async (tx) => {
    tx.emit(orderCreated, { ...orderCreated.example, orderId: newId() }, { correlationId: newId() })
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  const events = await placeOrders(sender.database, ids(1))
  await arrived(events)
  expect(await sender.database.query(statement('all', 'SELECT id FROM outbox'))).toHaveLength(1)
})

it('a lost confirm makes it publish again with the same ids, and the inbox drops the repeat', async () => {
  const [host = '', port] = servers.amqpAddress.split(':')
  const proxy = await TcpProxy.to(host, Number(port))
  const receiver = await receive()
  const sender = await shop.start('order-service', { amqpUrl: proxy.through(shop.broker.urlOf('order-service')) })
  proxy.mode = 'half-open'
  const events = await placeOrders(sender.database, ids(150))
  await arrived(events)
  expect(await unsentOf(sender)).toHaveLength(150)
  proxy.mode = 'pass'
  proxy.reset()
  await isConnected(sender)
  await allSent(sender)
  await eventually(async () => expect(await totalOf(receiver.metrics.events, { outcome: 'duplicate' })).toBe(150))
  await arrived(events)
  expect(await shop.rows(inboxIds)).toHaveLength(150)
  await sender.stop()
  await proxy.close()
})

it('with the broker away the outbox grows, and is emptied when it is back', async () => {
  const [host = '', port] = servers.amqpAddress.split(':')
  const proxy = await TcpProxy.to(host, Number(port))
  await receive()
  const amqpUrl = proxy.through(shop.broker.urlOf('order-service'))
  // old rows only after a minute: what a lost connection left behind is taken up at once all the same
  const sender = await shop.start('order-service', { amqpUrl, sweepAfterMs: 60_000 })
  await proxy.refuse()
  proxy.reset()
  await eventually(() => expect(sender.bus.canPublish).toBe(false))
  const events = await placeOrders(sender.database, ids(20))
  expect(await unsentOf(sender)).toHaveLength(20)
  await proxy.accept()
  await arrived(events)
  await allSent(sender)
  await sender.stop()
  await proxy.close()
})

it('an event nobody is bound to stays unsent, raises an alarm and holds up no other; bound again it arrives', async () => {
  const receiver = await receive()
  const crashed = shop.plumb('order-service')
  const unwanted = await crashed.database.transaction(async (tx) =>
    ids(1_200).map((orderId) => tx.emit(orderPaid, { ...orderPaid.example, orderId }, { correlationId: newId() })),
  )
  const events = await placeOrders(crashed.database, ids(5))
  await crashed.stop()
  const sender = await shop.start('order-service', { sweepAfterMs: 100 })
  await arrived(events)
  await eventually(async () => expect(await unsentOf(sender)).toHaveLength(unwanted.length))
  expect(await totalOf(sender.metrics.alarms, { kind: 'unroutable' })).toBeGreaterThan(0)
  const { management, vhost } = shop.broker
  const bindings = `/bindings/${vhost}/e/shop.events/q/product-service.events`
  await management.post(bindings, { routing_key: 'order.paid' })
  await allSent(sender)
  await eventually(async () => expect(await shop.rows(inboxIds)).toHaveLength(unwanted.length + events.length))
  expect(await totalOf(receiver.metrics.events, { outcome: 'ignored', reason: 'not_subscribed' })).toBe(unwanted.length)
  await management.delete(`${bindings}/order.paid`)
})

it.each([
  ['alone', 1],
  ['with others in one message', 20],
])('an event travels %s without priority, expiry or further recipients', async (_how, count) => {
  const sender = await shop.start('order-service')
  await placeOrders(sender.database, ids(count))
  await allSent(sender)
  const { channel } = await shop.raw()
  const message = await channel.get('product-service.events', { noAck: true })
  if (!message) throw new Error('nothing arrived')
  const { properties } = message
  expect(properties).toMatchObject({ type: 'order.created', userId: 'order-service', deliveryMode: 2 })
  expect(properties.priority).toBeUndefined()
  expect(properties.expiration).toBeUndefined()
  // the queue's own; CC would be here as well
  expect(properties.headers).toEqual({ 'x-delivery-count': 0 })
})

it('two relays of one service cause duplicates only', async () => {
  await receive()
  const crashed = shop.plumb('order-service')
  const events = await placeOrders(crashed.database, ids(1_000))
  await crashed.stop()
  const relays = await Promise.all([shop.start('order-service'), shop.start('order-service')])
  await arrived(events)
  for (const relay of relays) await allSent(relay)
})

const ROUNDS = process.env.TEST_THOROUGH ? 100 : 25
const EACH = 200

it(`${ROUNDS * EACH} events come through; the table of unsent ones is empty and its scan quick`, async () => {
  await receive()
  const sender = await shop.start('order-service', { sweepAfterMs: 5_000 })
  const begun = performance.now()
  const all: Id[] = []
  const scans: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    all.push(...(await placeOrders(sender.database, ids(EACH))))
    const scanBegun = performance.now()
    await sender.database.query(unsent, [5_000, newId().replace(/^.{8}/, '00000000')])
    scans.push(performance.now() - scanBegun)
  }
  await arrived(all)
  await allSent(sender)
  const seconds = (performance.now() - begun) / 1000
  const p99 = scans.toSorted((a, b) => a - b)[Math.floor(ROUNDS * 0.99) - 1] ?? 0
  const rate = Math.round(all.length / seconds)
  process.stdout.write(
    `${all.length} events in ${seconds.toFixed(1)} s (${rate}/s); sweep query p99 ${p99.toFixed(1)} ms\n`,
  )
  const size = statement<{ bytes: number }>('size', `SELECT pg_table_size('outbox_unsent')::int AS bytes`)
  await shop.asOwner('order-service', 'VACUUM outbox_unsent')
  const [row] = await sender.database.query(size)
  expect(row?.bytes).toBeLessThanOrEqual(1024 * 1024)
})

interface Plan {
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly Plans?: readonly Plan[]
}

/** Rows that a statement has read of tables with this in their name. */
function rowsRead(plan: Plan, table: string): number {
  const own = plan['Relation Name']?.includes(table) ? plan['Actual Rows'] * plan['Actual Loops'] : 0
  return (plan.Plans ?? []).reduce((sum, part) => sum + rowsRead(part, table), own)
}

it('a sweep reads the events that are marked unsent, however many were sent', async () => {
  const { database, stop } = shop.plumb('order-service')
  for (let n = 0; n < 8; n++) await placeOrders(database, ids(1_500))
  // as after a flood: the planner takes the table for full
  await shop.asOwner('order-service', 'ANALYZE outbox; ANALYZE outbox_unsent; DELETE FROM outbox_unsent')
  await placeOrders(database, ids(2))
  const explained = statement<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    'explained',
    `EXPLAIN (ANALYZE, FORMAT JSON) ${unsent.text}`,
  )
  const [row] = await database.query(explained, [0, '00000000-0000-0000-0000-000000000000'])
  const plan = row?.['QUERY PLAN'][0].Plan as Plan
  expect(rowsRead(plan, 'outbox_2')).toBe(2)
  await stop()
})
