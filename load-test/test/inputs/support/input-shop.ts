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
  readonly product: Id
  /** Paid, of `customer`. */
  readonly order: Id
  readonly bearers: Bearers
  readonly known: Known
  close(): Promise<void>
}

export async function openInputShop(): Promise<InputShop> {
  // ten thousand requests take longer than a token lives
  const shop = await TestShop.open({ hasAccounts: true, settings: { SHOP_TOKEN_TTL_S: '7200' } })
  try {
    return await furnished(shop)
  } catch (error) {
    await shop.close()
    throw error
  }
}

async function furnished(shop: TestShop): Promise<InputShop> {
  const [customer, stranger] = [await shop.customer(), await shop.customer()]
  const admin = await shop.authority.admin()
  const product = await shop.product({ available: 1_000 })
  const { id: order } = await shop.poll(customer, await shop.place(customer, [{ productId: product, quantity: 1 }]))
  const known = {
    ids: [product, order, customer.id, newId()],
    words: {
      email: [customer.email, 'admin@shop.example', 'ADA@EXAMPLE.COM '],
      password: [customer.password, 'correct horse battery staple'],
      paymentToken: ['tok_visa', 'tok_chargeDeclined'],
      category: ['kitchen', 'outdoor'],
    },
  }
  const bearers = {
    customer: `Bearer ${customer.token}`,
    stranger: `Bearer ${stranger.token}`,
    admin: `Bearer ${admin}`,
  }
  return { shop, customer, product, order, bearers, known, close: () => shop.close() }
}

const everyday: Record<ServiceName, (world: InputShop) => string> = {
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
    path: everyday[service](world),
    headers: { authorization: world.bearers.customer },
  })

/** The service is alive and does its work. */
export async function expectGoesOn(world: InputShop, service: ServiceName): Promise<void> {
  const alive = await send(world.shop.url(service), { method: 'GET', path: '/livez', headers: {} })
  const answer = await askEveryday(world, service)
  expect([service, alive.status, answer.status]).toEqual([service, 200, 200])
}
