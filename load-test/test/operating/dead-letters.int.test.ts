import { type Id, newId, orderCreated, type ServiceName } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { asOlderRelease } from '../../../common/test/support/older-release'
import { PAID } from '../support/story'
import type { TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

let shop: TestShop
let token: string
let upgrade = () => {}
afterEach(() => upgrade())
useShop((opened) => {
  shop = opened
})
beforeAll(async () => {
  token = await shop.authority.admin()
})

interface Letter {
  readonly id: Id
  readonly eventId: Id
  readonly reason: string
}
interface Settled {
  readonly done: { readonly id: Id; readonly outcome: string }[]
  readonly refused: { readonly id: Id; readonly problem: string }[]
  readonly next: Id | null
}

const ask = async <T>(path: string, body?: object, as = token) =>
  shop.ask<T>('logger-service', path, { token: as, ...(body && { body }) })
const settle = async (service: ServiceName, action: 'redrive' | 'discard', body: object) =>
  (await ask<Settled>(`/dead-letters/${service}/${action}`, body)).body
const lettersOf = async (service: ServiceName, query = '') =>
  (await ask<{ letters: Letter[]; next: Id | null }>(`/dead-letters/${service}${query}`)).body

const readers = ['product-service', 'cart-service', 'logger-service'] as const

/** An order that waits as a dead letter of each of its readers. */
async function orderForLater() {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  upgrade = asOlderRelease(orderCreated)
  const order = await shop.place(ada, [{ productId, quantity: 1 }])
  for (const service of readers)
    await eventually(async () => expect((await lettersOf(service)).letters).not.toEqual([]))
  return order
}

test('an order that its readers could not read is found, redriven where it failed, and paid once', async () => {
  const order = await orderForLater()
  const { body } = await ask<{ groups: object[]; unreachable: string[] }>('/dead-letters')
  const group = { reason: 'unsupported_version', type: 'order.created', count: 1 }
  expect(body).toMatchObject({
    groups: readers.map((service) => ({ service, ...group })),
    unreachable: ['auth-service'],
  })

  const [letter] = (await lettersOf('product-service', '?reason=unsupported_version&type=order.created')).letters
  if (!letter) throw new Error('it was there')
  expect((await lettersOf('product-service', '?type=order.paid')).letters).toEqual([])
  const shown = (await ask<{ content: { data: object } }>(`/dead-letters/product-service/${letter.id}`)).body
  expect(shown).toMatchObject({ id: letter.id, content: { data: { orderId: order.id, paymentToken: '***' } } })

  const which = { ids: [letter.id], why: 'release 2' }
  expect(await settle('product-service', 'redrive', which)).toMatchObject({
    done: [],
    refused: [{ id: letter.id, problem: 'dead-letter-refused' }],
  })
  upgrade()
  expect(await settle('product-service', 'redrive', which)).toMatchObject({
    done: [{ id: letter.id, outcome: 'parked' }],
    refused: [],
  })
  expect(await settle('product-service', 'redrive', which)).toMatchObject({
    done: [],
    refused: [{ id: letter.id, problem: 'dead-letter-settled' }],
  })
  for (const service of ['cart-service', 'logger-service'] as const)
    expect((await settle(service, 'redrive', { reason: 'unsupported_version', why: 'release 2' })).done).toHaveLength(1)
  await ends(shop, order, PAID)

  const told = (await ask<{ actions: object[] }>('/dead-letter-actions?limit=4')).body.actions
  const act = { type: 'order.created', reason: 'unsupported_version', action: 'redrive', why: 'release 2' }
  expect(told).toMatchObject([
    { service: 'logger-service', outcome: 'parked', ...act },
    { service: 'cart-service', outcome: 'parked', ...act },
    { service: 'product-service', letterId: letter.id, outcome: 'parked', ...act },
    { service: 'product-service', letterId: letter.id, outcome: 'refused', ...act },
  ])
})

test('what is discarded leaves the list with who gave it up and why, and pages of actions join', async () => {
  const order = await orderForLater()
  upgrade()
  const [letter] = (await lettersOf('cart-service')).letters
  if (!letter) throw new Error('it was there')
  const discarded = await settle('cart-service', 'discard', { ids: [letter.id], why: 'the cart is long gone' })
  expect(discarded).toMatchObject({ done: [{ id: letter.id, outcome: 'discarded' }], refused: [] })
  expect((await lettersOf('cart-service')).letters).toEqual([])
  for (const service of ['product-service', 'logger-service'] as const)
    await settle(service, 'redrive', { reason: 'unsupported_version', why: 'release 2' })
  await ends(shop, order, PAID)
  interface Page {
    readonly actions: { readonly id: Id; readonly action: string; readonly why: string }[]
    readonly next: Id | null
  }
  const first = (await ask<Page>('/dead-letter-actions?limit=2')).body
  const second = (await ask<Page>(`/dead-letter-actions?limit=2&after=${first.next}`)).body
  const all = [...first.actions, ...second.actions]
  expect(new Set(all.map(({ id }) => id)).size).toBe(4)
  expect(all.find(({ action }) => action === 'discard')).toMatchObject({ why: 'the cart is long gone' })
  // a discarded letter stays in its table as one, and no event of it is missing
  await shop.premises.query('cart-service', 'DELETE FROM dead_letters')
  await shop.publishers.publish(...(await shop.told(order.id)).filter(({ type }) => type === 'order.created'))
})

test('only administrators, and only what is there', async () => {
  const { token: adas } = await shop.customer()
  const body = { ids: [newId()], why: 'curious' }
  expect((await ask('/dead-letters/order-service/redrive', body, adas)).status).toBe(403)
  expect((await ask('/dead-letters/order-service/redrive', body, 'nobody')).status).toBe(401)
  expect(await settle('order-service', 'redrive', body)).toMatchObject({
    done: [],
    refused: [{ problem: 'not-found' }],
    next: null,
  })
})

test('a service that is away is named, and the letters of the others are shown', async () => {
  await shop.stop('cart-service')
  const { status, body } = await ask<{ unreachable: string[] }>('/dead-letters')
  expect([status, body.unreachable]).toEqual([200, ['cart-service', 'auth-service']])
  expect((await ask('/dead-letters/cart-service')).status).toBe(503)
  const gone = await settle('cart-service', 'redrive', { ids: [newId()], why: 'away' })
  expect(gone).toMatchObject({ done: [], refused: [{ problem: 'service-unreachable' }] })
})
