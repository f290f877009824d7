import { type Runtime, statement } from '@order-saga/common'
import { eventually, onlyAsDescribed, type TestDatabase, testConfig, testDatabase } from '@order-saga/common/testing'
import { buildProductService, participant } from '../src'

/** What people type into a search box is text and nothing else, in a catalogue of 2,000. */

const CATALOGUE = 2_000
const PAGE_MS = 200

// none of them in the seed; each a wildcard, a quote or an end to somebody
const ODD = ['100% wool', 'snake_case', 'back\\slash', "O'Neill's", '"quoted"', 'a;b--c', '.*(x+x+)+y', '$1 {{y}} #{z}']

let home: TestDatabase
let service: Runtime

const fill = statement(
  'test-fill',
  `INSERT INTO products (id, sku, name, description, category, price_minor, currency, available)
   SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'FILL-' || n,
     coalesce(($1::text[])[n], 'Plain thing ' || n), repeat('nothing to be found here ', 30), 'filling', 100, 'EUR', 1
   FROM generate_series(1, $2::int) AS n`,
)

beforeAll(async () => {
  home = await testDatabase(participant)
  const own = { currency: 'EUR', graceMs: 500, sweepMs: 60_000 }
  service = onlyAsDescribed(await buildProductService({ ...testConfig(home.url, 'amqp://nobody@127.0.0.1:1'), ...own }))
  await service.app.ready()
  await eventually(async () => expect((await search('')).statusCode).toBe(200))
  await service.database.execute(fill, [ODD, CATALOGUE])
})
afterAll(async () => {
  await service.stop()
  await home.drop()
})

const search = (text: string) =>
  service.app.inject({ url: `/products?limit=100${text && `&text=${encodeURIComponent(text)}`}` })

const namesFor = async (text: string): Promise<string[]> => {
  const response = await search(text)
  expect([text, response.statusCode]).toEqual([text, 200])
  return response.json().items.map(({ name }: { name: string }) => name)
}

test.each(ODD)('%s finds itself alone', async (text) => {
  expect(await namesFor(text)).toEqual([text])
})

test.each([
  '0%_',
  '_nake',
  'sn%case',
  '\\%',
  '\\\\',
  "'; DROP TABLE products; --",
  "' OR 1=1",
  '.+',
  '[a-z]',
  'x'.repeat(100),
])('%s is found nowhere: it is no pattern and no SQL', async (text) => {
  expect(await namesFor(text)).toEqual([])
  expect(await namesFor('Plain thing 2000')).toEqual(['Plain thing 2000'])
})

test.each([
  ['NUL', '%00'],
  ['NUL in the middle', 'a%00b'],
  ['10,000 characters', 'x'.repeat(10_000)],
  ['101 characters', 'x'.repeat(101)],
  ['nothing', ''],
])('%s is refused', async (_what, raw) => {
  const response = await service.app.inject({ url: `/products?text=${raw}` })
  expect([response.statusCode, response.headers['content-type']]).toEqual([
    400,
    'application/problem+json; charset=utf-8',
  ])
})

test('whatever is searched for, all of the catalogue is looked through in 200 ms', async () => {
  const slow = ['x'.repeat(100), `${'a'.repeat(50)}${'%'.repeat(50)}`, 'nothing to be found here nothing to be missed']
  // again where the machine had something else to do
  for (const text of slow)
    await eventually(async () => {
      const begunMs = performance.now()
      expect(await namesFor(text)).toEqual([])
      expect(performance.now() - begunMs).toBeLessThan(PAGE_MS)
    })
})
