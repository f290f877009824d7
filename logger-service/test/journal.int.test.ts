import { catalogue, Database, type Envelope, newId, orderCreated, statement, userRegistered } from '@order-saga/common'
import { type Logger, startLogger } from './logger'
import { declined, event, happy, newStory, refunded } from './stories'

let logger: Logger
beforeEach(async () => {
  logger = await startLogger()
})
afterEach(() => logger.close())

const rows = (text: string) => logger.database.query({ name: text.slice(0, 60), text })

test('every contract there is gets into the journal as it was published', async () => {
  await logger.hear(catalogue.map((contract) => event(contract, contract.example)))
  const journal = await rows('SELECT type, source FROM journal ORDER BY type')
  const expected = catalogue.map(({ type, publisher }) => ({ type, source: publisher }))
  expect(journal).toEqual(expected.sort((a, b) => (a.type < b.type ? -1 : 1)))
})

test('a hundred duplicates leave one entry each, with and without the inbox', async () => {
  const { events } = refunded()
  for (let i = 0; i < 50; i++) await logger.hear(events)
  for (let i = 0; i < 50; i++) {
    await logger.forgetInbox()
    await logger.hear([...events].reverse())
  }
  expect(await logger.size()).toBe(events.length)
  expect(await rows('SELECT FROM parked')).toEqual([])
})

test('two instances that hear the same events at once write them once', async () => {
  const { events } = refunded()
  await Promise.all(Array.from({ length: 10 }, () => logger.hear(events)))
  expect(await logger.size()).toBe(events.length)
})

test('a repeat is an entry of its own that names the first', async () => {
  const first: Envelope = event(orderCreated, orderCreated.example)
  await logger.hear([first, event(orderCreated, orderCreated.example, { repeats: first })])
  expect(await rows('SELECT repeats FROM journal ORDER BY id')).toEqual([{ repeats: null }, { repeats: first.id }])
})

test('an entry says who caused it, about which order, and when', async () => {
  const story = declined()
  await logger.hear(story.events)
  const [created, reserved] = story.events
  const [entry] = await rows(`SELECT * FROM journal WHERE type = 'inventory.reserved'`)
  expect(entry).toMatchObject({
    id: reserved?.id,
    source: 'product-service',
    subject: story.orderId,
    order_id: story.orderId,
    occurred_at: new Date(reserved?.time ?? 0),
    correlation_id: created?.correlationid,
    causation_id: created?.id,
    repeats: null,
    traceparent: null,
  })
})

test('neither a name, nor an address, nor a payment token is stored in the clear', async () => {
  const person = { ...userRegistered.example, email: 'canary@example.com', name: 'Canary Bird' }
  await logger.hear([event(userRegistered, person), ...happy(newStory()).events])
  const stored = JSON.stringify(await rows('SELECT data FROM journal'))
  expect(stored).toContain('c***@example.com')
  expect(stored).not.toMatch(/canary@|Bird|tok_visa/)
})

test.each([
  ['UPDATE journal SET type = type', 'journal'],
  ['DELETE FROM journal', 'journal'],
  ['TRUNCATE journal', 'journal'],
])('the service itself cannot %s', async (text) => {
  await logger.hear(happy().events)
  await expect(rows(text)).rejects.toThrow('permission denied')
})

test('nor can it reach an entry through its partition', async () => {
  await logger.hear(happy().events)
  const [partition] = (await rows('SELECT tableoid::regclass::text AS name FROM journal LIMIT 1')) as { name: string }[]
  await expect(rows(`DELETE FROM ${partition?.name}`)).rejects.toThrow('append-only')
  await expect(rows(`UPDATE ${partition?.name} SET type = type`)).rejects.toThrow('append-only')
  expect(await logger.size()).toBe(4)
})

test('whole days leave the journal after ninety days, by the owner’s hand', async () => {
  await logger.hear(happy().events)
  const owner = new Database({ service: 'logger-service', url: logger.db.ownerUrl })
  const in89 = statement('in-89-days', `SELECT maintain_partitions(now() + interval '89 days')`)
  const in92 = statement('in-92-days', `SELECT maintain_partitions(now() + interval '92 days')`)
  try {
    await owner.query(in89)
    expect(await logger.size()).toBe(4)
    await owner.query(in92)
    expect(await logger.size()).toBe(0)
  } finally {
    await owner.close()
  }
})

test('an entry whose id is of another day waits in the default partition, and can be found', async () => {
  const old = { ...event(orderCreated, orderCreated.example), id: `018f0000-0000-7000-8000-${newId().slice(-12)}` }
  await logger.hear([old])
  await logger.hear([old])
  expect(await logger.size()).toBe(1)
})
