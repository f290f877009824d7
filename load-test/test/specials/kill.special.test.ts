import { randomUUID } from 'node:crypto'
import { newId, type ServiceName, serviceNames } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { send } from '../inputs/support/wire'
import { RawSenders } from '../messages/support/raw-senders'
import { Load } from '../support/load'
import type { TestShop } from '../support/test-shop'
import { useShop } from '../support/use-shop'

// accepted between two faults: enough for something to be under way everywhere
const BETWEEN = 5
const CLIENTS = 6
// a service that is not done by then ends itself, with exit code 1
const DRAINED_WITHIN_MS = 20_000

let shop: TestShop
let load: Load | undefined
let logged = ''
const customers = new Map<string, { email: string; password: string; token: string }>()
// before the shop is looked at: a test that fails leaves its customers behind
afterEach(async () => {
  await load?.stop()
  for (const { ada } of load?.accepted ?? []) customers.set(ada.id, ada)
})
useShop(
  (opened) => {
    shop = opened
  },
  {
    processes: serviceNames,
    hasAccounts: true,
    onLog: (text) => {
      logged += text
    },
  },
)

async function kill(service: ServiceName): Promise<void> {
  await shop.kill(service)
  await shop.start(service)
}

async function drain(service: ServiceName): Promise<void> {
  const askedAtMs = performance.now()
  expect([service, await shop.stop(service)]).toEqual([service, 0])
  expect(performance.now() - askedAtMs).toBeLessThan(DRAINED_WITHIN_MS)
  await shop.start(service)
}

test('each service is killed while another drains, with orders of every kind under way: all end, nothing is lost or twice', async () => {
  load = await Load.start(shop, CLIENTS)
  for (const [n, service] of serviceNames.entries()) {
    await load.further(BETWEEN)
    await Promise.all([kill(service), drain(serviceNames[(n + 3) % serviceNames.length] ?? service)])
  }
  await load.end(shop)
  expect(load.accepted.length).toBeGreaterThanOrEqual(serviceNames.length * BETWEEN)
}, 240_000)

test('the broker closes every connection and every database session is ended, in the middle of everything', async () => {
  load = await Load.start(shop, CLIENTS)
  await load.further(BETWEEN)
  // one that publishes and one that consumes; auth-service consumes nothing
  await shop.premises.closeConnections(await shop.premises.connections(2 * serviceNames.length - 1))
  for (const service of serviceNames) {
    await load.further(BETWEEN)
    expect(await shop.cutDatabase(service)).toBeGreaterThan(0)
  }
  await Promise.all(serviceNames.map((service) => shop.whenReady(service)))
  await load.end(shop)
}, 240_000)

/** Asks every service in every clumsy way for what has to stay between two. */
async function blurtOut(canary: string): Promise<void> {
  const clumsy = [
    { path: `/${canary}?token=${canary}` },
    { path: `/orders/${canary}` },
    { path: '/me', headers: { authorization: `Bearer ${canary}`, cookie: canary, 'user-agent': canary } },
    {
      path: `/login?password=${canary}`,
      method: 'POST',
      body: `{"email":"${canary}@example.com","password":"${canary}"}`,
    },
    { path: '/login', method: 'POST', body: `{"email":"${canary}@example.com","password":"${canary}"}` },
    {
      path: '/register',
      method: 'POST',
      body: `{"email":"${canary}@example.com","password":"${canary}","name":"${canary}"}`,
    },
    { path: '/refresh', method: 'POST', body: `{"refreshToken":"${canary}"}` },
    { path: '/orders', method: 'POST', body: `{"paymentToken":"${canary}` },
    { path: '/orders', method: 'POST', body: `{"paymentToken":"${canary}","${canary}":1}` },
  ]
  for (const service of serviceNames)
    for (const { path, method = 'GET', headers = {}, body } of clumsy)
      await send(shop.url(service), {
        method,
        path,
        headers: { 'content-type': 'application/json', ...headers },
        body: body === undefined ? undefined : Buffer.from(body),
      })
}

/** Messages that end as dead letters: what is wrong with them is logged. */
async function blurtOutInMessages(canary: string): Promise<void> {
  const senders = new RawSenders(shop.premises.broker)
  const properties = { contentType: 'application/cloudevents+json', messageId: newId() }
  const bodies = [
    `{"paymentToken":"${canary}`,
    `"${canary}"`,
    `{"id":"${newId()}","data":{"paymentToken":"${canary}"}}`,
  ]
  const message = { sender: 'order-service', routingKey: 'order.created', properties } as const
  await senders.send(
    canary,
    bodies.map((body) => ({ ...message, body: Buffer.from(body) })),
  )
  for (const service of ['product-service', 'cart-service', 'logger-service'] as const)
    await eventually(async () => {
      const sql = 'DELETE FROM dead_letters RETURNING reason'
      buried.set(service, (buried.get(service) ?? 0) + (await shop.premises.query(service, sql)).length)
      expect(buried.get(service)).toBe(bodies.length)
    })
  await senders.close()
}
const buried = new Map<ServiceName, number>()

test('no secret, token, address or name that anybody sent is in any line of any log', async () => {
  const canary = `canary${randomUUID().replaceAll('-', '')}`
  const ada = await shop.customer()
  customers.set(ada.id, ada)
  const product = await shop.product()
  await shop.poll(ada, await shop.place(ada, [{ productId: product, quantity: 1 }], { paymentToken: canary }))
  await blurtOut(canary)
  await blurtOutInMessages(canary)
  for (const service of serviceNames) expect(logged).toContain(`"service":"${service}"`)
  const told = [...customers.values()].flatMap(({ email, password, token }) => [email, password, token])
  const secrets = [canary, 'development-only', '$2b$', 'PRIVATE KEY', 'Bearer', 'tok_visa', ...told]
  const lines = logged.split('\n')
  expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
  for (const line of lines) if (line !== '') expect(JSON.parse(line)).toHaveProperty('level')
}, 240_000)

test('E48: nobody but auth-service and mailer-service has an address on record', async () => {
  const addresses = [...customers.values()].map(({ email }) => email)
  expect(addresses.length).toBeGreaterThan(CLIENTS)
  const tablesWith = async (service: ServiceName) => {
    const tables = await shop.premises.query<{ name: string }>(
      service,
      `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    )
    const found = await Promise.all(
      tables.map(async ({ name }) => {
        const sql = `SELECT FROM ${name} AS row, unnest($1::text[]) AS address WHERE position(address IN row::text) > 0 LIMIT 1`
        return (await shop.premises.query(service, sql, [addresses])).map(() => `${service}: ${name}`)
      }),
    )
    return found.flat()
  }
  const holders = (await Promise.all(serviceNames.map(tablesWith))).flat()
  expect(new Set(holders.map((holder) => holder.split(':')[0]))).toEqual(new Set(['auth-service', 'mailer-service']))
})
