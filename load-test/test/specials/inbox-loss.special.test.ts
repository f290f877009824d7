import type { ServiceName } from '@order-saga/common'
import { orderCart, putInCart } from '../support/cart'
import { Load } from '../support/load'
import { quiet, replayEverything, settled } from '../support/quiet'
import { PAID } from '../support/story'
import type { TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

// accepted between two losses: enough for something to be under way everywhere
const BETWEEN = 10
const CLIENTS = 4

let shop: TestShop
let load: Load
// before the shop is looked at: a test that fails leaves its customers behind
afterEach(() => load.stop())
useShop(
  (opened) => {
    shop = opened
  },
  // auth-service tells its accounts itself: what a test tells by hand no replay gives back
  { hasAccounts: true },
)

/** As the owner: every service forgets what it has handled. */
async function emptyInboxes(): Promise<void> {
  await Promise.all(shop.services.map((service) => shop.premises.query(service, 'DELETE FROM inbox')))
}

/** Tables of the plumbing, and those that grow with every event that is told again. */
const UNCOMPARED = /^(inbox|outbox|parked|dead_letter|delivery_starts|partitioned_tables|migrations|journal)/

/** All that a service knows of its business, table by table, row by row. */
async function knowledgeOf(service: ServiceName): Promise<Record<string, string[]>> {
  const tables = await shop.premises.query<{ name: string }>(
    service,
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  )
  const known: Record<string, string[]> = {}
  for (const { name } of tables.filter((table) => !UNCOMPARED.test(table.name))) {
    const rows = await shop.premises.query<{ row: string }>(
      service,
      `SELECT t::text AS row FROM "${name}" t ORDER BY 1`,
    )
    known[`${service} ${name}`] = rows.map(({ row }) => row)
  }
  return known
}

/** Everything that may not happen twice, inside of the shop and outside. */
async function everything() {
  const known = await Promise.all(shop.services.map(knowledgeOf))
  const [ledger, mails] = [await shop.outside.ledger(), await shop.outside.mails()]
  return { ...Object.assign({}, ...known), ledger, mails: mails.map(({ MessageID }) => MessageID).sort() }
}

const told = async () => {
  const sql = `SELECT id, type, envelope ->> 'repeats' AS repeats FROM outbox`
  type Row = { id: string; type: string; repeats: string | null }
  return (await Promise.all(shop.services.map((service) => shop.premises.query<Row>(service, sql)))).flat()
}

/** Nothing moves any more, and no timer has anything to do. */
async function atRest(): Promise<void> {
  await quiet(shop)
  await settled(shop)
  await quiet(shop)
}

async function refundOne(): Promise<void> {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  await putInCart(shop, ada, { productId, quantity: 2 })
  const order = await orderCart(shop, ada)
  await ends(shop, order, PAID)
  const question = { token: await shop.authority.admin(), body: { reason: 'broken on arrival' } }
  const { status } = await shop.ask('payment-service', `/admin/payments/${order.id}/refund`, question)
  expect(status).toBeLessThan(300)
  await ends(shop, order, { payment: 'refunded' })
}

test('every service loses its inbox and hears again all that was ever told: not a row, a cent or a mail changes', async () => {
  load = await Load.start(shop, CLIENTS)
  await load.further(2 * BETWEEN)
  await load.end(shop)
  await refundOne()
  await atRest()
  const [before, toldBefore] = [await everything(), await told()]
  for (const service of shop.services) await shop.stop(service)
  await emptyInboxes()
  await replayEverything(shop)
  await shop.restore()
  await atRest()
  expect(await everything()).toEqual(before)
  const known = new Set(toldBefore.map(({ id }) => id))
  const added = (await told()).filter(({ id }) => !known.has(id))
  expect(added.filter(({ repeats }) => repeats === null)).toEqual([])
})

test('inboxes are emptied and everything is told again while orders are under way: all end, nothing is lost or twice', async () => {
  load = await Load.start(shop, CLIENTS)
  for (let loss = 0; loss < 5; loss++) {
    await load.further(BETWEEN)
    await emptyInboxes()
    await replayEverything(shop)
  }
  await load.end(shop)
})
