import { type ServiceName, serviceNames } from '@order-saga/common'
import { Load } from '../support/load'
import type { TestShop } from '../support/test-shop'
import { useShop } from '../support/use-shop'

// accepted between two faults: enough for something to be under way everywhere
const BETWEEN = 5
const CLIENTS = 6
// a service that is not done by then ends itself, with exit code 1
const DRAINED_WITHIN_MS = 20_000

let shop: TestShop
let load: Load
// before the shop is looked at: a test that fails leaves its customers behind
afterEach(() => load.stop())
useShop(
  (opened) => {
    shop = opened
  },
  { processes: serviceNames, hasAccounts: true },
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
