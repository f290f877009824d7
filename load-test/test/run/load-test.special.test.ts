import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadTest } from '../../src/run/command'
import type { Result } from '../../src/run/result'
import { auditSourcesOf } from '../support/audit-shop'
import { TestShop } from '../support/test-shop'

const OPENING_MS = 120_000

let shop: TestShop
let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'order-saga-load-test-'))
  shop = await TestShop.open({ hasAccounts: true })
}, OPENING_MS)
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  await shop?.close()
}, OPENING_MS)

async function run(...args: string[]): Promise<{ code: number; said: string; result: Result; html: string }> {
  const [jsonFile, reportFile] = [join(directory, 'result.json'), join(directory, 'result.html')]
  const said: string[] = []
  const openShop = async () => ({
    url: (service: Parameters<TestShop['url']>[0]) => shop.url(service),
    auditSources: () => auditSourcesOf(shop, { brokerPatienceMs: 10_000 }),
    // services in this process have no times of their own
    processes: () => [],
  })
  const say = (text: string) => void said.push(text)
  const code = await loadTest([...args, '--json', jsonFile, '--report', reportFile], { openShop, say })
  const result = JSON.parse(readFileSync(jsonFile, 'utf8')) as Result
  return { code, said: said.join('\n'), result, html: readFileSync(reportFile, 'utf8') }
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, one) => total + one, 0)

test('thirty orders with every ending: each is accounted for, and the auditor finds nothing', async () => {
  const mix = 'declines=25,out-of-stock=15,cancels=15,several-lines=50,hot=30'
  const { code, said, result, html } = await run('--orders', '30', '--users', '6', '--mix', mix, '--seed', '1')
  expect([result.wrongs, code]).toEqual([[], 0])
  const { outcomes, timings, polling } = result
  expect(result).toMatchObject({ isPassed: true, isQuiet: true, orders: 30, ended: 30, seed: 1 })
  expect(sum(outcomes)).toBe(30)
  expect(Object.keys(outcomes)).toEqual(
    expect.arrayContaining(['cancelled: out_of_stock', 'cancelled: payment_declined', 'paid']),
  )
  for (const measure of ['browse', 'empty-cart', 'order', 'accepted', 'terminal', 'settled'] as const)
    expect([measure, timings[measure]?.count]).toEqual([measure, 30])
  // every line of a cart was looked at and put in
  expect(timings.cart?.count).toBe(timings.product?.count)
  expect(timings.cart?.count).toBeGreaterThan(30)
  expect(timings.poll?.count).toBe(Math.round(polling.perOrder * 30))
  expect(sum(polling.pollsPerOrder)).toBe(30)
  expect(result.terminalBins.reduce((total, { count }) => total + count, 0)).toBe(30)
  expect(result.requests).toBe(sum(Object.fromEntries(steps.map((step) => [step, timings[step]?.count ?? 0]))))
  // what customers saw was audited too
  const checked = (id: string) => result.audit.invariants.find((one) => one.id === id)?.checked
  expect([checked('T1'), checked('T3')]).toEqual([30, 30])
  expect(said).toContain('services and servers: not available')
  for (const title of ['orders ended per second', 'How orders ended', 'Polls per order']) expect(html).toContain(title)
  expect(html).not.toMatch(/(src|href)=/)
}, 60_000)

const steps = ['browse', 'product', 'empty-cart', 'cart', 'order', 'poll', 'cancel'] as const

test('an open loop of orders alone, held polls: a missed target fails the run and is named', async () => {
  const { code, said, result } = await run(
    ...[
      '--rate',
      '40',
      '--orders',
      '20',
      '--journey',
      'orders',
      '--mix',
      'none',
      '--prefer-wait',
      '--accounts',
      '2',
      '--replenish',
      '50',
    ],
    ...['--slo', 'terminal p99<60s', '--slo', 'accepted p50<0.001ms', '--slo', 'failures<1%', '--seed', '2'],
  )
  expect([result.isPassed, code]).toEqual([false, 1])
  expect(result.wrongs).toEqual([expect.stringMatching(/^target missed: accepted p50<0.001ms: [\d.]+ ms$/)])
  expect(result.slos.map(({ isMet }) => isMet)).toEqual([true, false, true])
  expect(result.outcomes).toEqual({ paid: 20 })
  expect(result.timings.browse).toBeUndefined()
  expect(said).toContain('FAILED')
}, 60_000)

test('who has to wait is timed from when they were due, not from when they got their turn', async () => {
  const { result } = await run('--rate', '40', '--orders', '10', '--accounts', '1', '--mix', 'none', '--seed', '3')
  const { accepted, order } = result.timings
  // ten come within 225 ms and share one cart: the last waits for nine others, who each poll after 50 ms at the earliest
  expect(accepted?.maxMs).toBeGreaterThan((order?.maxMs ?? 0) + 200)
}, 60_000)

test('a violation fails the run, however good everything else was', async () => {
  await shop.premises.query(
    'product-service',
    `UPDATE products SET available = available + 1 WHERE sku <> 'LOAD-TEST-SOLD-OUT' AND available > 0`,
  )
  const { code, result } = await run('--orders', '2', '--users', '2', '--journey', 'orders', '--mix', 'none')
  expect(code).toBe(1)
  expect(result.ended).toBe(2)
  expect(result.wrongs).toEqual([expect.stringMatching(/^S1: \d+ violations, the first: /)])
}, 60_000)
