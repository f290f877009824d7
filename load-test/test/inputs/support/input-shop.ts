import { type Id, newId, type ServiceName } from '@order-saga/common'
import type { Customer } from '../../support/authority'
import { TestShop } from '../../support/test-shop'
import type { Bearers } from './requests'
import type { Known } from './valid'
import { type Received, send } from './wire'

/** A shop with accounts, in which a customer has bought something: everything that can belong to somebody exists. */
export interface InputShop {
  readonly shop: TestShop
  readonly customer: Customer
  readonly stranger: Customer
  readonly product: Id
  /** Paid, of `customer`. */
  readonly order: Id
  readonly bearers: Bearers
  /** A new customer's authorization, for what takes something from whoever asks. */
  somebody(): Promise<string>
  readonly known: Known
  close(): Promise<void>
}

export async function openInputShop(): Promise<InputShop> {
  const shop = await TestShop.open({ hasAccounts: true, hasAuditor: true })
  try {
    return await furnished(shop)
  } catch (error) {
    await shop.close()
    throw error
  }
}

async function furnished(shop: TestShop): Promise<InputShop> {
  const [customer, stranger] = [await shop.customer(), await shop.customer()]
  const product = await shop.product({ available: 1_000 })
  const { id: order } = await shop.poll(customer, await shop.place(customer, [{ productId: product, quantity: 1 }]))
  const guest = await shop.ask<{ guestToken: string }>('cart-service', '/guest-carts', { token: '', body: {} })
  const known = {
    ids: [product, order, customer.id, newId()],
    words: {
      email: [customer.email, 'admin@shop.example', 'ADA@EXAMPLE.COM '],
      password: [customer.password, 'correct horse battery staple'],
      paymentToken: ['tok_visa', 'tok_chargeDeclined'],
      category: ['kitchen', 'outdoor'],
      guestToken: [guest.body.guestToken],
      'guest-token': [guest.body.guestToken],
    },
  }
  const bearers = await bearersOf(shop, customer, stranger)
  const somebody = async () => `Bearer ${(await shop.customer()).token}`
  return { shop, customer, stranger, product, order, bearers, known, somebody, close: () => shop.close() }
}

/** With tokens that have just been issued: ten thousand requests take longer than one lives. */
export const renewed = async (world: InputShop): Promise<InputShop> => ({
  ...world,
  bearers: await bearersOf(world.shop, world.customer, world.stranger),
})

async function bearersOf(shop: TestShop, customer: Customer, stranger: Customer): Promise<Bearers> {
  const { token } = await shop.customer()
  const logIn = async ({ email, password }: Customer) => {
    const body = { email, password }
    const answer = await shop.ask<{ accessToken: string }>('auth-service', '/login', { token: '', body })
    return `Bearer ${answer.body.accessToken}`
  }
  const admin = `Bearer ${await shop.authority.admin()}`
  return { customer: await logIn(customer), stranger: await logIn(stranger), admin, somebody: `Bearer ${token}` }
}

const everyday: Readonly<Partial<Record<ServiceName, (world: InputShop) => string>>> = {
  'product-service': () => '/products',
  'cart-service': () => '/cart',
  'order-service': ({ order }) => `/orders/${order}`,
  'auth-service': () => '/me',
  'logger-service': ({ order }) => `/orders/${order}/journey`,
  'payment-service': ({ order }) => `/payments/${order}`,
  'mailer-service': () => '/mails',
}

/** Something a customer asks every day. */
export const askEveryday = (world: InputShop, service: ServiceName): Promise<Received> =>
  send(world.shop.url(service), {
    method: 'GET',
    path: everyday[service]?.(world) ?? '/livez',
    headers: { authorization: world.bearers.customer },
  })

/** The service is alive and does its work. */
export async function expectGoesOn(world: InputShop, service: ServiceName): Promise<void> {
  const alive = await send(world.shop.url(service), { method: 'GET', path: '/livez', headers: {} })
  const answer = await askEveryday(world, service)
  expect([service, alive.status, answer.status]).toEqual([service, 200, 200])
}
