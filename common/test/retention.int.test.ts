import { Database, type Id, newId, type Participant, statement, userRegistered } from '@order-saga/common'
import { type TestDatabase, testDatabase } from '@order-saga/common/testing'
import { retain } from '../src/outbox/retention'

const auth: Participant = { service: 'auth-service', reacts: [], migrations: [] }
const DAY_MS = 86_400_000

let home: TestDatabase
let app: Database
beforeEach(async () => {
  home = await testDatabase(auth)
  app = new Database({ service: 'auth-service', url: home.url })
})
afterEach(async () => {
  await app.close()
  await home.drop()
})

const maintain = statement('maintain', `SELECT maintain_partitions(now() + $1 * interval '1 day')`)
const partitions = statement<{ name: string }>(
  'partitions',
  `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = $1::text::regclass ORDER BY 1`,
)
const whereIs = statement<{ name: string }>(
  'where-is',
  'SELECT tableoid::regclass::text AS name FROM outbox WHERE id = $1',
)
const claim = statement('claim', 'INSERT INTO inbox (id) VALUES ($1)')
const append = statement('append', `INSERT INTO outbox (id, type, envelope) VALUES ($1, $2, '{}')`)
const markUnsent = statement('mark', 'INSERT INTO outbox_unsent (id) VALUES ($1)')
const sent = statement('sent', 'DELETE FROM outbox_unsent')
const stored = statement<{ id: Id }>('stored', 'SELECT id FROM outbox ORDER BY id')

/** An id of another day, as its clock would have made it. */
const idOf = (days: number): Id => {
  const time = (Date.now() + days * DAY_MS).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}${newId().slice(13)}`
}
const nameOf = (parent: string, days: number) =>
  `${parent}_${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`
const names = async (parent: string) => (await app.query(partitions, [parent])).map(({ name }) => name)
const days = (parent: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => nameOf(parent, from + index))

it('keeps partitions for yesterday, today and three days ahead, however often it runs', async () => {
  for (let run = 0; run < 3; run++) await app.query(maintain, [0])
  expect(await names('outbox')).toEqual([...days('outbox', -1, 3), 'outbox_default'])
  expect(await names('inbox')).toEqual([...days('inbox', -1, 3), 'inbox_default'])
})

it('forty days later has dropped whole days, except those with an unsent event', async () => {
  const [yesterday, today] = [idOf(-1), idOf(0)]
  for (const id of [yesterday, today]) await app.execute(append, [id, 'user.updated'])
  await app.execute(markUnsent, [today])
  await app.execute(claim, [today])
  await app.query(maintain, [40])
  expect(await names('outbox')).toEqual([nameOf('outbox', 0), ...days('outbox', 39, 43), 'outbox_default'])
  expect(await names('inbox')).toEqual([...days('inbox', 39, 43), 'inbox_default'])
  expect(await app.query(stored)).toEqual([{ id: today }])
  await app.execute(sent)
  await app.query(maintain, [40])
  expect(await names('outbox')).not.toContain(nameOf('outbox', 0))
})

it('keeps a claim for thirty days and a sent event for seven', async () => {
  await app.query(maintain, [6])
  expect(await names('outbox')).toContain(nameOf('outbox', 0))
  await app.query(maintain, [9])
  expect(await names('outbox')).not.toContain(nameOf('outbox', 0))
  await app.query(maintain, [29])
  expect(await names('inbox')).toContain(nameOf('inbox', 0))
  await app.query(maintain, [32])
  expect(await names('inbox')).not.toContain(nameOf('inbox', 0))
})

it('moves rows that came before their partition into it', async () => {
  const early = idOf(10)
  await app.execute(append, [early, 'user.updated'])
  expect(await app.query(whereIs, [early])).toEqual([{ name: 'outbox_default' }])
  await app.query(maintain, [8])
  expect(await app.query(whereIs, [early])).toEqual([{ name: nameOf('outbox', 10) }])
})

it('makes a partition while others write into its day', async () => {
  const writers = Array.from({ length: 5 }, async () => {
    for (let n = 0; n < 20; n++) await app.execute(append, [idOf(10), 'user.updated'])
  })
  await Promise.all([...writers, app.query(maintain, [8])])
  expect(await app.query(stored)).toHaveLength(100)
})

it('forgets what is too old in the default partition, but nothing unsent', async () => {
  const [old, unsent] = [idOf(-20), idOf(-21)]
  for (const id of [old, unsent]) await app.execute(append, [id, 'user.updated'])
  await app.execute(markUnsent, [unsent])
  await app.query(maintain, [0])
  expect(await app.query(stored)).toEqual([{ id: unsent }])
})

it('forgets events that name a person after one day, but nothing unsent', async () => {
  const { type } = userRegistered
  const [old, unsent, fresh, impersonal] = [idOf(-1.1), idOf(-1.1), idOf(-0.9), idOf(-1.1)]
  for (const id of [old, unsent, fresh]) await app.execute(append, [id, type])
  await app.execute(append, [impersonal, 'something.else'])
  await app.execute(markUnsent, [unsent])
  await retain(app, 'auth-service')
  const kept = [unsent, fresh, impersonal].map((id) => ({ id }))
  expect(await app.query(stored)).toEqual(kept.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
})
