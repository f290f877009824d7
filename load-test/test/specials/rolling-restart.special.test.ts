import { request } from 'node:http'
import { type ServiceName, serviceNames } from '@order-saga/common'
import { Load } from '../support/load'
import type { TestShop } from '../support/test-shop'
import { useShop } from '../support/use-shop'

// accepted between two restarts: enough for something to be under way everywhere
const BETWEEN = 3
const CLIENTS = 4
// a service that is not done by then ends itself, with exit code 1
const DRAINED_WITHIN_MS = 20_000
// a client that may ask again does so, at once: the instance it met said goodbye or hung up
const TRIES = 3
const PATIENCE_MS = 10_000

let shop: TestShop
let load: Load | undefined
afterEach(() => load?.stop())
useShop(
  (opened) => {
    shop = opened
  },
  { processes: serviceNames, hasAccounts: true, instances: 2 },
)

/** Asks on a connection of its own, like somebody who has just come. */
const statusOf = (service: ServiceName): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(`${shop.url(service)}/livez`, { agent: false }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    asked.once('error', reject)
    asked.setTimeout(PATIENCE_MS, () => asked.destroy(new Error('no answer')))
    asked.end()
  })

async function isServed(service: ServiceName): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) if ((await statusOf(service).catch(() => 0)) === 200) return true
  return false
}

/** Somebody who asks every service, one after the other, over and over: answers whom they did not get an answer from. */
function passerBy() {
  let isOver = false
  let asked = 0
  const unserved: ServiceName[] = []
  const walk = async () => {
    for (; !isOver; asked++) for (const service of serviceNames) if (!(await isServed(service))) unserved.push(service)
  }
  const walking = walk()
  return {
    unserved,
    async stop(): Promise<number> {
      isOver = true
      await walking
      return asked
    },
  }
}

async function renew(service: ServiceName, instance: string): Promise<void> {
  const askedAtMs = performance.now()
  expect([service + instance, await shop.stop(service, instance)]).toEqual([service + instance, 0])
  expect(performance.now() - askedAtMs).toBeLessThan(DRAINED_WITHIN_MS)
  await shop.start(service, {}, instance)
}

test('every instance is drained and replaced, one after the other, under load: whoever asks once more hears nothing of it', async () => {
  load = await Load.start(shop, CLIENTS)
  const passer = passerBy()
  for (const service of serviceNames)
    for (const instance of ['', '-b']) {
      await load.further(BETWEEN)
      await renew(service, instance)
    }
  await load.end(shop)
  expect(await passer.stop()).toBeGreaterThan(0)
  expect(passer.unserved).toEqual([])
  expect(load.accepted.length).toBeGreaterThanOrEqual(2 * serviceNames.length * BETWEEN)
}, 400_000)
