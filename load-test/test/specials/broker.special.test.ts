import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Id } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import {
  addresses,
  down,
  type Instance,
  rabbitMqCtl,
  separateInstance,
  startRabbitMq,
  stopRabbitMq,
} from '../../../scripts/src/infra'
import { Load } from '../support/load'
import { quiet, replayEverything } from '../support/quiet'
import { PAID, storyOf } from '../support/story'
import { type Customer, TestShop } from '../support/test-shop'
import { ends, keepsEveryPromise, keepsItsPromises } from '../support/use-shop'

// accepted between two faults: enough for something to be under way everywhere
const BETWEEN = 8
const CLIENTS = 4
const ENDS_AFTER_REPLAY_MS = 60_000

let instance: Instance
let shop: TestShop
let load: Load | undefined
let ada: Customer
let productId: Id

beforeAll(async () => {
  instance = await separateInstance('specials')
  // the broker's own user passes through it
  mkdirSync(instance.dataDir, { recursive: true, mode: 0o711 })
  await startRabbitMq(instance)
  const managementUrl = addresses({}, instance.ports).amqpAdminUrl
  // nothing ends by its deadline: whatever ends was repaired
  const settings = { SHOP_ORDER_DEADLINE_MS: '3600000' }
  shop = await TestShop.open({
    broker: { managementUrl, amqpAddresses: [`127.0.0.1:${instance.ports.amqp}`] },
    settings,
  })
})
beforeEach(async () => {
  ada = await shop.customer()
  productId = await shop.product({ available: 100 })
})
afterEach(async () => {
  await load?.stop()
  load = undefined
  await keepsItsPromises(shop)
})
afterAll(async () => {
  try {
    if (shop) await keepsEveryPromise(shop).finally(() => shop.close())
  } finally {
    await down({ volumes: true }, instance)
  }
})

const place = (count: number) =>
  Promise.all(Array.from({ length: count }, () => shop.place(ada, [{ productId, quantity: 1 }])))

const allReady = () => Promise.all(shop.services.map((service) => shop.whenReady(service)))

const readiness = async (service: 'order-service' | 'product-service') =>
  (await fetch(`${shop.url(service)}/readyz`)).text()

const whenItSays = (service: 'order-service' | 'product-service', words: string) =>
  eventually(async () => expect(await readiness(service)).toContain(words), 60_000)

/** What `npm run replay` and the minute after it bring about. */
async function replayed(): Promise<void> {
  await replayEverything(shop)
  const sentAtMs = performance.now()
  await quiet(shop)
  const ms = Math.round(performance.now() - sentAtMs)
  process.stdout.write(`everything handled ${ms} ms after the replay was asked for\n`)
  expect(ms).toBeLessThan(ENDS_AFTER_REPLAY_MS)
}

test('a broker that has lost everything is rebuilt by topology and replay: what was in its queues ends as well', async () => {
  await shop.stop('product-service')
  const lost = await place(10)
  await shop.whenSent('order-service')
  await stopRabbitMq(instance, { signal: 'SIGKILL' })
  rmSync(join(instance.dataDir, 'rabbitmq'), { recursive: true, force: true })
  const accepted = await place(5)
  await startRabbitMq(instance)
  await shop.premises.rebuildTopology()
  await shop.start('product-service')
  await allReady()
  for (const order of accepted) await ends(shop, order, PAID)
  for (const { id } of lost) expect(await storyOf(shop, id)).toMatchObject({ order: 'pending', reservation: 'none' })
  await replayed()
  for (const order of lost) await ends(shop, order, PAID)
})

test('every channel is closed by the broker alone, under load: all of them come back', async () => {
  load = await Load.start(shop, CLIENTS)
  await load.further(BETWEEN)
  const before = await channels()
  // an ack nobody owes is a channel's error, not its connection's
  const ack = `[rabbit_channel:do(P, {'basic.ack', 99999999, false}) || P <- rabbit_channel:list_local()], ok.`
  await rabbitMqCtl(instance, 'eval', ack)
  await eventually(async () => {
    const now = await channels()
    expect(now.filter((pid) => before.includes(pid))).toEqual([])
    expect(now.length).toBeGreaterThanOrEqual(before.length)
  }, 60_000)
  await allReady()
  await load.further(BETWEEN)
  await load.end(shop)
})

const channels = async (): Promise<string[]> => [
  ...new Set((await rabbitMqCtl(instance, 'eval', 'rabbit_channel:list_local().')).match(/<[\d.]+>/g)),
]

test.each([
  ['disk', ['set_disk_free_limit', '9000GB'], ['set_disk_free_limit', '50MB']],
  ['memory', ['set_vm_memory_high_watermark', '0.00001'], ['set_vm_memory_high_watermark', '0.4']],
])(
  'a broker short of %s lets nobody publish: orders are accepted, and all of them end when it is over',
  async (_what, raise, clear) => {
    await rabbitMqCtl(instance, ...raise)
    // the broker blocks a connection when it next publishes
    const [first] = await place(1)
    await whenItSays('order-service', 'broker: cannot publish (blocked)')
    const orders = [first, ...(await place(20))]
    for (const order of orders) expect((await storyOf(shop, order?.id ?? '')).order).toBe('pending')
    await rabbitMqCtl(instance, ...clear)
    for (const order of orders) await ends(shop, { id: order?.id ?? '' }, PAID)
  },
)
