import { type Envelope, type Id, newId, orderCreated } from '@order-saga/common'
import { eventOf, eventually } from '@order-saga/common/testing'
import { participants } from '@order-saga/scripts/participants'
import { asOlderRelease } from '../../../common/test/support/older-release'
import { type CommitCutter, cutCommitOf } from '../support/commit-cutter'
import { duplicatesAt } from '../support/outcomes'
import { quiet, replayEverything } from '../support/quiet'
import { cancelledFor, PAID, storyOf } from '../support/story'
import type { TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

let shop: TestShop
useShop((opened) => {
  shop = opened
})

const inMany = <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)))

/** How many events the inboxes of all running instances have dropped. */
async function duplicates(...instances: string[]): Promise<number> {
  const each = shop.services.flatMap((service) =>
    ['', ...instances].map((instance) => duplicatesAt(shop, service, instance)),
  )
  return (await Promise.all(each)).reduce((total, n) => total + n, 0)
}

const earsOf = ({ type }: Envelope): number =>
  participants.filter(({ reacts, hearsEverything }) => hearsEverything || reacts.includes(type)).length

test('R8 every event of a paid and of a declined order arrives 100 times more: one effect each', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  const paid = await shop.place(ada, [{ productId, quantity: 1 }])
  const declined = await shop.place(ada, [{ productId, quantity: 1 }], { paymentToken: 'tok_chargeDeclined' })
  const ofDeclined = cancelledFor('payment_declined', { payment: 'failed' })
  await Promise.all([ends(shop, paid, PAID), ends(shop, declined, ofDeclined)])
  const told = [...(await shop.told(paid.id)), ...(await shop.told(declined.id))]
  const before = await duplicates()
  for (const event of told) await inMany(100, () => shop.publishers.publish(event))
  const expected = before + told.reduce((sum, event) => sum + 100 * earsOf(event), 0)
  await eventually(async () => expect(await duplicates()).toBe(expected), 60_000)
  expect(await storyOf(shop, paid.id)).toEqual(PAID)
  expect(await storyOf(shop, declined.id)).toEqual(ofDeclined)
  expect([...(await shop.told(paid.id)), ...(await shop.told(declined.id))]).toEqual(told)
})

test('R15 two instances of every service, both of whose relays send everything again: duplicates only', async () => {
  await Promise.all(shop.services.map((service) => shop.start(service, {}, '-b')))
  const [ada, productId] = await Promise.all([shop.customer(), shop.product({ available: 20 })])
  const orders = await inMany(20, () => shop.place(ada, [{ productId, quantity: 1 }]))
  await replayEverything(shop)
  for (const order of orders) await ends(shop, order, PAID)
  await replayEverything(shop)
  await quiet(shop)
  expect(await duplicates('-b')).toBeGreaterThan(0)
  for (const order of orders) expect(await storyOf(shop, order.id)).toEqual(PAID)
})

test('R17 one key 50 times at once at two instances: one order, 50 equal answers', async () => {
  await shop.start('order-service', {}, '-b')
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  const body = JSON.stringify({ items: [{ productId, quantity: 1 }], paymentToken: 'tok_visa' })
  const headers = {
    authorization: `Bearer ${ada.token}`,
    'content-type': 'application/json',
    'idempotency-key': newId(),
  }
  const answers = await inMany(50, async (n) => {
    const url = `${shop.url('order-service', n % 2 ? '-b' : '')}/orders`
    const response = await fetch(url, { method: 'POST', headers, body })
    return {
      isReplay: response.headers.get('idempotency-replayed') === 'true',
      answer: `${response.status} ${response.headers.get('location')} ${await response.text()}`,
    }
  })
  expect(new Set(answers.map(({ answer }) => answer)).size).toBe(1)
  expect(answers[0]?.answer).toMatch(/^202 /)
  expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
  const orders = await shop.premises.query<{ id: string }>(
    'order-service',
    'SELECT id FROM orders WHERE customer_id = $1',
    [ada.id],
  )
  expect(orders).toHaveLength(1)
  await ends(shop, { id: orders[0]?.id ?? '' }, PAID)
})

describe('R24 the answer to a commit is lost', () => {
  let cutter: CommitCutter | undefined
  afterEach(async () => {
    await shop.restart('order-service')
    await cutter?.close()
  })

  test('R24 the client asks again with its key and gets the order that was committed', async () => {
    const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
    cutter = await cutCommitOf(shop.premises.databaseUrl('order-service'), ada.id)
    await shop.restart('order-service', { SHOP_DATABASE_URL: cutter.url })
    const order = await shop.place(ada, [{ productId, quantity: 1 }])
    expect(order).toMatchObject({ isReplay: true, attempts: 2 })
    expect(cutter.cuts).toBe(1)
    const sql = 'SELECT id FROM orders WHERE customer_id = $1'
    expect(await shop.premises.query('order-service', sql, [ada.id])).toEqual([{ id: order.id }])
    await ends(shop, order, PAID)
  })
})

test('R25 pollers that ask two instances in turn never see an order step back', async () => {
  await shop.start('order-service', {}, '-b')
  const [ada, productId] = await Promise.all([shop.customer(), shop.product({ available: 5 })])
  const order = await shop.place(ada, [{ productId, quantity: 1 }])
  const histories = await inMany(8, async (first) => {
    const seen: { version: number; status: string; etag: string | null }[] = []
    for (let n = first; seen.at(-1)?.status !== 'paid'; n++) {
      const headers = { authorization: `Bearer ${ada.token}` }
      const response = await fetch(`${shop.url('order-service', n % 2 ? '-b' : '')}/orders/${order.id}`, { headers })
      seen.push({
        ...((await response.json()) as { version: number; status: string }),
        etag: response.headers.get('etag'),
      })
    }
    return seen
  })
  for (const history of histories) {
    const versions = history.map(({ version }) => version)
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    expect(history.map(({ status }) => status).join()).toMatch(/^(pending,)*paid$/)
    for (const { version, etag } of history) expect(etag).toBe(`"${order.id}-${version}"`)
  }
  await ends(shop, order, PAID)
})

test('R28 an event of a version that nobody here knows is kept as a dead letter, and nothing else is held up', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  const created = eventOf(orderCreated, { ...orderCreated.example, orderId: newId() })
  const newer = { ...created, dataschema: created.dataschema.replace(/1$/, '2'), data: { anything: 'else' } }
  await shop.publishers.publish(newer)
  const order = await shop.place(ada, [{ productId, quantity: 1 }])
  await ends(shop, order, PAID)
  for (const service of ['product-service', 'cart-service', 'logger-service'] as const) {
    const sql = 'SELECT reason, event_id, type FROM dead_letters'
    const letters = await eventually(async () => {
      const found = await shop.premises.query(service, sql)
      expect(found).toHaveLength(1)
      return found
    })
    expect(letters).toEqual([{ reason: 'unsupported_version', event_id: newer.id, type: 'order.created' }])
    await shop.premises.query(service, 'DELETE FROM dead_letters')
  }
  shop.publishers.byHand.delete(newer.id)
})

describe('R28 an order placed while its readers are of an older release', () => {
  let upgrade = () => {}
  afterEach(() => upgrade())

  test('R28 waits for the upgrade as dead letters, and is paid once when they are redriven, twice as well', async () => {
    const [ada, productId, token] = await Promise.all([shop.customer(), shop.product(), shop.authority.admin()])
    upgrade = asOlderRelease(orderCreated)
    const order = await shop.place(ada, [{ productId, quantity: 1 }])
    type Letter = { id: Id; eventId: Id; reason: string }
    const readers = ['product-service', 'cart-service', 'logger-service'] as const
    const letters = await Promise.all(
      readers.map((service) =>
        eventually(async () => {
          const { body } = await shop.ask<{ items: Letter[] }>(service, '/admin/dead-letters', { token })
          const [letter] = body.items
          if (!letter) throw new Error(`${service} has no dead letter`)
          return { service, ...letter }
        }),
      ),
    )
    expect(new Set(letters.map(({ reason }) => reason))).toEqual(new Set(['unsupported_version']))
    expect(new Set(letters.map(({ eventId }) => eventId)).size).toBe(1)
    const redrive = async () => {
      const each = letters.map(({ service, id }) =>
        shop.ask(service, `/admin/dead-letters/${id}/redrive`, { token, body: { reason: 'release' } }),
      )
      return (await Promise.all(each)).map(({ status }) => status)
    }
    expect(await redrive()).toEqual([422, 422, 422])
    upgrade()
    expect(await redrive()).toEqual([200, 200, 200])
    expect(await redrive()).toEqual([409, 409, 409])
    await ends(shop, order, PAID)
  })
})
