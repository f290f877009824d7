import { randomUUID } from 'node:crypto'
import type { Envelope, Id } from '@order-saga/common'
import { cancelledFor, PAID, refundedAfter, type Story } from '../../support/story'
import type { Scene } from './scene'

/**
 * Brings everything to where the story begins and answers the story itself, which goes on while a service dies and
 * starts again, and resolves when all has ended as it should.
 */
export type CrashStory = (scene: Scene) => Promise<() => Promise<void>>

/** Two of these leave so few that the shop tells it. */
const sixPieces = (scene: Scene): Promise<Id> => scene.shop.product({ available: 6 })

const ordered =
  (paymentToken: string, quantity: number, ending: Story): CrashStory =>
  async (scene) => {
    const productId = await sixPieces(scene)
    return async () => scene.ended(await scene.place(productId, paymentToken, quantity), ending)
  }

const fromCart: CrashStory = async (scene) => {
  const productId = await sixPieces(scene)
  return async () => {
    const order = await scene.placeCart(productId)
    await scene.ended(order, PAID)
    await scene.inCart([])
  }
}

/** The customer takes the order back while nobody knows whether the card is charged: it is, and gets it back. */
const changeOfMind: CrashStory = async (scene) => {
  const productId = await sixPieces(scene)
  await scene.loseProvider()
  return async () => {
    const order = await scene.placeCart(productId)
    await scene.whenCharging(order)
    const { token } = scene.ada
    const { status } = await scene.ask('order-service', `/orders/${order.id}/cancel`, { method: 'POST', token })
    expect(status).toBe(200)
    await scene.regainProvider()
    await scene.ended(order, refundedAfter('customer_request'))
    await scene.inCart([2])
    await scene.ask('cart-service', '/cart', { method: 'DELETE', token })
  }
}

const deferred: CrashStory = async (scene) => {
  const productId = await sixPieces(scene)
  await scene.loseProvider()
  return async () => {
    const order = await scene.place(productId)
    await scene.whenCharging(order)
    await scene.regainProvider()
    await scene.ended(order, PAID)
  }
}

const pastDeadline: CrashStory = async (scene) => {
  const productId = await sixPieces(scene)
  await scene.loseProvider()
  return async () => {
    const order = await scene.place(productId)
    await scene.whenCharging(order)
    await scene.query('order-service', 'UPDATE orders SET deadline_at = now() WHERE id = $1', [order.id])
    await scene.told(order.id, 'order.cancelled')
    await scene.regainProvider()
    await scene.ended(order, refundedAfter('timed_out'))
  }
}

/** Stock is held for longer than it should be, so its holder asks. */
const overdueStock: CrashStory = async (scene) => {
  const productId = await sixPieces(scene)
  await scene.loseProvider()
  return async () => {
    const order = await scene.place(productId)
    await scene.whenCharging(order)
    const sql = `UPDATE reservations SET next_ask_at = now(), deadline_at = now() - interval '1 minute' WHERE order_id = $1`
    await scene.query('product-service', sql, [order.id])
    await scene.told(order.id, 'inventory.reservation.overdue')
    await scene.regainProvider()
    await scene.ended(order, PAID)
  }
}

/** Money is held for longer than it should be, because nobody can decide about the order. */
const overdueMoney: CrashStory = async (scene) => {
  const productId = await sixPieces(scene)
  await scene.loseProvider()
  return async () => {
    const order = await scene.place(productId)
    await scene.whenCharging(order)
    const lock = 'SELECT FROM orders WHERE id = $1 FOR UPDATE'
    const verdict = await scene.shop.premises.hold('order-service', lock, [order.id])
    await scene.regainProvider()
    await scene.told(order.id, 'payment.succeeded')
    await scene.query('payment-service', 'UPDATE payments SET next_ask_at = now() WHERE order_id = $1', [order.id])
    await scene.told(order.id, 'payment.overdue')
    await verdict.release()
    await scene.ended(order, PAID)
  }
}

/** The answer that money went back was lost: order-service tells its verdict again. */
const forgottenRefund: CrashStory = async (scene) => {
  const cancelled = await changeOfMind(scene)
  await cancelled()
  const [order] = await scene.query<{ id: Id }>('order-service', 'SELECT id FROM orders ORDER BY id DESC LIMIT 1')
  if (!order) throw new Error('there is no order')
  return async () => {
    const sql = `UPDATE orders SET refund = 'due', updated_at = now() - interval '1 minute' WHERE id = $1`
    await scene.query('order-service', sql, [order.id])
    await scene.ended(order, refundedAfter('customer_request'))
  }
}

const paidBefore = async (scene: Scene) => {
  const order = await scene.place(await sixPieces(scene))
  await scene.ended(order, PAID)
  return order
}

const refundByHand: CrashStory = async (scene) => {
  const order = await paidBefore(scene)
  const token = await scene.shop.authority.admin()
  return async () => {
    const body = { reason: 'broken on arrival' }
    const { status } = await scene.ask('payment-service', `/admin/payments/${order.id}/refund`, { token, body })
    expect([200, 202]).toContain(status)
    const refunded = { refund: 'done', payment: 'refunded', refunds: 1, mails: ['receipt', 'refund'] }
    await scene.ended(order, { ...PAID, ...refunded })
  }
}

/** What an operator does after the broker lost a queue: an event is sent a second time, with its id. */
const toldAgain: CrashStory = async (scene) => {
  const order = await paidBefore(scene)
  return async () => {
    const sql = `INSERT INTO outbox_unsent (id, created_at) SELECT id, now() - interval '1 hour' FROM outbox
      WHERE type = 'order.paid' AND envelope ->> 'subject' = $1`
    await scene.query('order-service', sql, [order.id])
    await scene.until(async () => expect(await scene.query('order-service', 'SELECT FROM outbox_unsent')).toEqual([]))
    await scene.ended(order, PAID)
  }
}

/** An answer comes before its order can be read, and waits. */
const parked: CrashStory = async (scene) => {
  const productId = await sixPieces(scene)
  await scene.loseProvider()
  const order = await scene.place(productId)
  await scene.whenCharging(order)
  await scene.shop.whenHeard('order-service', (await scene.shop.toldOnce(order.id, 'inventory.reserved')) as Envelope)
  const hide = 'DELETE FROM orders WHERE id = $1 RETURNING to_json(orders) AS row'
  const [hidden] = await scene.query<{ row: object }>('order-service', hide, [order.id])
  await scene.regainProvider()
  await scene.until(async () => expect(await scene.query('order-service', 'SELECT FROM parked')).toHaveLength(1))
  return async () => {
    const show = 'INSERT INTO orders SELECT * FROM json_populate_record(NULL::orders, $1)'
    await scene.query('order-service', show, [JSON.stringify(hidden?.row)])
    await scene.query('order-service', 'UPDATE parked SET next_attempt_at = now()')
    await scene.ended(order, PAID)
  }
}

const catalogueChanges: CrashStory = async (scene) => {
  const token = await scene.shop.authority.admin()
  return async () => {
    const sku = randomUUID()
    const wanted = { sku, name: 'Oak shelf', category: 'living', priceMinor: 4_900, available: 0 }
    expect([201, 409]).toContain((await scene.ask('product-service', '/products', { token, body: wanted })).status)
    const [product] = await scene.query<{ id: Id }>('product-service', 'SELECT id FROM products WHERE sku = $1', [sku])
    const path = `/products/${product?.id}`
    const change = { method: 'PATCH', token, body: { priceMinor: 5_100 } } as const
    expect((await scene.ask('product-service', path, change)).status).toBe(200)
    const delivery = { token, body: { quantity: 7, reason: 'delivered' }, headers: { 'idempotency-key': sku } }
    expect((await scene.ask('product-service', `${path}/restock`, delivery)).status).toBe(200)
    const { status } = await scene.ask('product-service', path, { method: 'DELETE', token })
    expect([204, 404]).toContain(status)
    const stock = 'SELECT available, version FROM products WHERE id = $1'
    const [truth] = await scene.query<{ available: number; version: number }>('product-service', stock, [product?.id])
    expect(truth?.available).toBe(7)
    const copy = 'SELECT version FROM products WHERE product_id = $1'
    await scene.until(async () =>
      expect(await scene.query('cart-service', copy, [product?.id])).toEqual([{ version: truth?.version }]),
    )
  }
}

const guestLogsIn: CrashStory = async (scene) => {
  const productId = await sixPieces(scene)
  const open = { token: '', method: 'POST' } as const
  const { guestToken } = (await scene.ask<{ guestToken: string }>('cart-service', '/guest-carts', open)).body
  const line = { token: '', headers: { 'guest-token': guestToken }, body: { productId, quantity: 2 } }
  expect((await scene.ask('cart-service', '/guest-cart/items', line)).status).toBe(200)
  return async () => {
    const { token } = scene.ada
    expect((await scene.ask('cart-service', '/cart/merge', { token, body: { guestToken } })).status).toBe(200)
    await scene.inCart([2])
  }
}

const registered: CrashStory = async (scene) => async () => {
  const email = `${randomUUID()}@example.com`
  const password = `correct horse ${randomUUID()}`
  const body = { email, password, name: 'Grace' }
  expect((await scene.ask('auth-service', '/register', { token: '', body })).status).toBe(202)
  const credentials = { token: '', body: { email, password } }
  expect((await scene.ask('auth-service', '/login', credentials)).status).toBe(200)
  const users = await scene.query<{ id: Id }>('auth-service', 'SELECT id FROM users WHERE email = $1', [email])
  expect(users).toHaveLength(1)
  await scene.until(async () => {
    const mails = await scene.shop.outside.mails(users[0]?.id)
    expect(new Set(mails.map(({ MessageID }) => MessageID)).size).toBe(1)
  })
}

const passwordForgotten: CrashStory = async (scene) => {
  const { id, email } = await scene.shop.customer()
  return async () => {
    const asked = await scene.ask('auth-service', '/password-resets', { token: '', body: { email } })
    expect(asked.status).toBe(202)
    const resets = await scene.query<{ id: Id }>('auth-service', 'SELECT id FROM password_resets WHERE user_id = $1', [
      id,
    ])
    expect(resets.length).toBeGreaterThan(0)
    for (const reset of resets)
      await scene.until(async () => {
        const mails = await scene.shop.outside.mails(reset.id)
        expect(new Set(mails.map(({ MessageID }) => MessageID)).size).toBe(1)
      })
  }
}

/** Closed by an administrator, opened again, and deleted by its owner. */
const accountCloses: CrashStory = async (scene) => {
  const { id, email, password } = await scene.shop.customer()
  const token = await scene.shop.authority.admin()
  return async () => {
    const body = { reason: 'a complaint' }
    expect((await scene.ask('auth-service', `/users/${id}/deactivate`, { token, body })).status).toBe(204)
    const reactivated = await scene.ask('auth-service', `/users/${id}/reactivate`, { method: 'POST', token })
    expect(reactivated.status).toBe(204)
    const credentials = { token: '', body: { email, password } }
    const login = await scene.ask<{ accessToken: string }>('auth-service', '/login', credentials)
    const mine = { method: 'DELETE', token: login.body.accessToken, body: { password } } as const
    // asked again after it was done, it finds nobody, or the token called back
    expect([204, 401, 404]).toContain((await scene.ask('auth-service', '/me', mine)).status)
    const address = 'SELECT email FROM addresses WHERE user_id = $1'
    await scene.until(async () => expect(await scene.query('mailer-service', address, [id])).toEqual([{ email: null }]))
  }
}

const announced: CrashStory = async (scene) => {
  const token = await scene.shop.authority.admin()
  return async () => {
    expect((await scene.ask('auth-service', '/announce', { method: 'POST', token })).status).toBe(202)
  }
}

export const stories = {
  paid: ordered('tok_visa', 2, PAID),
  declined: ordered('tok_chargeDeclined', 2, cancelledFor('payment_declined', { payment: 'failed' })),
  outOfStock: ordered('tok_visa', 7, cancelledFor('out_of_stock', { reservation: 'rejected' })),
  fromCart,
  changeOfMind,
  deferred,
  pastDeadline,
  overdueStock,
  overdueMoney,
  forgottenRefund,
  refundByHand,
  toldAgain,
  parked,
  catalogueChanges,
  guestLogsIn,
  registered,
  passwordForgotten,
  accountCloses,
  announced,
} satisfies Record<string, CrashStory>

export type StoryName = keyof typeof stories
