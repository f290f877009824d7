import { catalogue, deadQueue, eventsQueue, type ServiceName } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { participants } from '@order-saga/scripts/participants'
import { PAID } from '../support/story'
import { TestShop } from '../support/test-shop'
import { ends } from '../support/use-shop'
import { describeMessage, messagesFor } from './support/messages'
import { RawSenders } from './support/raw-senders'
import { oddReasonsIn, settlementOf, unsettledOf } from './support/settlement'

const isThorough = process.env.TEST_THOROUGH === '1'
const MESSAGES = isThorough ? 10_000 : 500
const SETTLE_MS = isThorough ? 600_000 : 60_000
const seed = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31)

jest.setTimeout(2 * SETTLE_MS)

let shop: TestShop
let senders: RawSenders
beforeAll(async () => {
  process.stderr.write(`message fuzz: ${MESSAGES} messages per service, again with TEST_SEED=${seed}\n`)
  shop = await TestShop.open({ hasAccounts: true })
  senders = new RawSenders(shop.premises.broker)
})
afterAll(async () => {
  await senders.close()
  await shop.close()
})

const heardBy = (service: ServiceName): ReadonlySet<string> => {
  const participant = participants.find((one) => one.service === service)
  return new Set(participant?.hearsEverything ? catalogue.map(({ type }) => type) : participant?.reacts)
}

const listeners = participants.map(({ service }) => service).filter((service) => heardBy(service).size > 0)

test('auth-service hears nothing: no message can reach it', () => {
  expect(participants.map(({ service }) => service).filter((service) => !listeners.includes(service))).toEqual([
    'auth-service',
  ])
})

test.each(listeners)('%s settles whatever arrives, each message for a reason on the list', async (service) => {
  const messages = messagesFor(heardBy(service), MESSAGES, seed)
  await senders.send(service, messages)
  await eventually(async () => expect(await senders.depthOf(eventsQueue(service))).toBe(0), SETTLE_MS)
  const settlement = await eventually(async () => {
    const found = await settlementOf(shop.premises, service)
    const [first, ...others] = unsettledOf(service, messages, found)
    if (first) throw new Error(`${others.length} others and ${describeMessage(first)} are not settled`)
    return found
  }, SETTLE_MS)
  expect(oddReasonsIn(settlement)).toEqual([])
})

test('nothing is left in any queue when the services stop', async () => {
  for (const service of shop.services) await shop.stop(service)
  for (const service of shop.services)
    for (const queue of [eventsQueue(service), deadQueue(service)])
      expect(`${queue}: ${await senders.depthOf(queue)}`).toBe(`${queue}: 0`)
  await shop.restore()
})

test('a good order goes through afterwards', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  const order = await shop.place(ada, [{ productId, quantity: 1 }])
  await ends(shop, order, PAID)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})
