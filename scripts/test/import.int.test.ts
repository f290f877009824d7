import { newId, type Runtime, statement } from '@order-saga/common'
import {
  eventually,
  type TestDatabase,
  type TestTokens,
  testConfig,
  testDatabase,
  testTokens,
} from '@order-saga/common/testing'
import { buildProductService, participant } from '@order-saga/product-service'
import { type Line, linesOf } from '../src/import/lines'
import { sendLines, type Told } from '../src/import/send-lines'

let home: TestDatabase
let tokens: TestTokens
let service: Runtime
let url: string
beforeAll(async () => {
  home = await testDatabase(participant)
  tokens = await testTokens()
  const basic = { ...testConfig(home.url, 'amqp://nobody@127.0.0.1:1'), jwksUrl: tokens.jwksUrl }
  service = await buildProductService({ ...basic, currency: 'EUR', graceMs: 500, sweepMs: 60_000 })
  url = await service.app.listen({ port: 0, host: '127.0.0.1' })
  await eventually(async () => expect((await fetch(`${url}/products`)).status).toBe(200))
})
afterAll(async () => {
  await service.stop()
  await tokens.close()
  await home.drop()
})

const admin = async () => tokens.bearer(newId(), 'admin').replace('Bearer ', '')

async function outcomesOf(lines: readonly Line[], logIn = admin): Promise<[string, string, string?][]> {
  const told: Told[] = []
  await sendLines(lines, { url, logIn, tell: (one) => told.push(one), patienceMs: 200 })
  return told
    .toSorted((a, b) => lines.indexOf(a.line) - lines.indexOf(b.line))
    .map(({ line, outcome, why }) => (why === undefined ? [line.place, outcome] : [line.place, outcome, why]))
}

const HEADER = 'sku,name,category,priceMinor,available'
const fileOf = (...rows: string[]) => linesOf('a.csv', [HEADER, ...rows].join('\n'))

const books = statement<{ kinds: string[]; prices: string[]; events: string[]; available: number; version: number }>(
  'test-books',
  `SELECT version, available,
     (SELECT json_agg(kind || ' ' || quantity ORDER BY m.id) FROM stock_movements m WHERE product_id = p.id) AS kinds,
     (SELECT json_agg(price_minor::text ORDER BY valid_from) FROM price_history h WHERE product_id = p.id) AS prices,
     (SELECT json_agg(envelope ->> 'type' ORDER BY o.id) FROM outbox o WHERE envelope ->> 'subject' = p.id::text) AS events
   FROM products p WHERE sku = $1`,
)
const booksOf = async (sku: string) => (await service.database.query(books, [sku]))[0]

test('a file adds and changes products, and the same file again changes nothing', async () => {
  const [mug, cup] = [newId(), newId()]
  const first = fileOf(`${mug},Mug,kitchen,1650,7`, `${cup},Cup,kitchen,1200,`)
  expect(await outcomesOf(first)).toEqual([
    ['line 2', 'created'],
    ['line 3', 'created'],
  ])
  const second = fileOf(`${mug},Mug,kitchen,1500,99`, `${cup},Cup,kitchen,1200,`)
  expect(await outcomesOf(second)).toEqual([
    ['line 2', 'changed'],
    ['line 3', 'unchanged'],
  ])
  expect((await outcomesOf(second)).map(([, outcome]) => outcome)).toEqual(['unchanged', 'unchanged'])
  expect(await booksOf(mug)).toEqual({
    version: 2,
    // of a known product stock is moved by deliveries alone
    available: 7,
    kinds: ['initial 7'],
    prices: ['1650', '1500'],
    events: ['product.created', 'product.updated'],
  })
})

test('what is wrong with a line is told with its place; the others are imported', async () => {
  const [good, gone] = [newId(), newId()]
  await outcomesOf(fileOf(`${gone},Gone,kitchen,1,1`))
  await service.database.execute(statement('test-gone', 'UPDATE products SET deleted_at = now() WHERE sku = $1'), [
    gone,
  ])
  const rows = [
    `${newId()},Mug,kitchen,16.50,1`,
    `${newId()},Mug,kitchen,-1,1`,
    `${newId()},Mug,kitchen,100,-1`,
    `${newId()},,kitchen,100,1`,
    `${newId()},"two\nlines",kitchen,100,1`,
    `${gone},Back,kitchen,1,1`,
    'one field',
    `${good},Bowl,kitchen,900,3`,
  ]
  const outcomes = await outcomesOf(fileOf(...rows))
  expect(outcomes.map(([place, outcome]) => `${place} ${outcome}`)).toEqual([
    ...[2, 3, 4, 5, 6, 8, 9].map((line) => `line ${line} refused`),
    'line 10 created',
  ])
  const whys = outcomes.map(([, , why = '']) => why)
  expect(whys.map((why) => why.split(' ')[0])).toEqual([
    'priceMinor',
    'priceMinor',
    'available',
    'name',
    'name',
    'A',
    '1',
    '',
  ])
  expect(whys[5]).toBe('A product that was deleted has this SKU.')
  expect(await booksOf(good)).toMatchObject({ available: 3 })
})

test('an import of a thousand lines outlives its token', async () => {
  const prefix = newId()
  const lines = fileOf(...Array.from({ length: 1_000 }, (_, n) => `${prefix}-${n},Thing ${n},bulk,${n + 1},1`))
  let logins = 0
  const logIn = async () => (logins++ === 0 ? 'of yesterday' : admin())
  const outcomes = await outcomesOf(lines, logIn)
  expect(outcomes.filter(([, outcome]) => outcome === 'created')).toHaveLength(1_000)
  expect(logins).toBe(2)
})

test('two imports of one file at once make one product of each line', async () => {
  const skus = Array.from({ length: 20 }, newId)
  const lines = fileOf(...skus.map((sku) => `${sku},Twin,kitchen,100,4`))
  await Promise.all([outcomesOf(lines), outcomesOf(lines)])
  for (const sku of skus) expect(await booksOf(sku)).toMatchObject({ version: 1, kinds: ['initial 4'] })
})

test('who is no administrator, or finds no shop, imports nothing and is told so', async () => {
  const lines = fileOf(`${newId()},Mug,kitchen,100,1`, `${newId()},Mug,kitchen,100,1`)
  const customer = async () => tokens.bearer(newId()).replace('Bearer ', '')
  await expect(outcomesOf(lines, customer)).rejects.toThrow('This needs the role admin.')
  await expect(outcomesOf(lines, async () => 'no token')).rejects.toThrow('line 2')
  const tell = () => {}
  const away = { url: 'http://127.0.0.1:1', logIn: admin, tell, patienceMs: 200 }
  await expect(sendLines(lines, away)).rejects.toThrow('no answer from the shop')
  for (const { body } of lines) expect(await booksOf(String(body.sku))).toBeUndefined()
})
