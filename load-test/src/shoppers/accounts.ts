import { randomUUID } from 'node:crypto'
import type { ShopClient } from '@order-saga/common/client'

export interface Account {
  readonly email: string
  readonly password: string
  /** Renewed now and then: it outlives no long run. */
  token: string
}

export interface Customer extends Account {
  readonly id: string
}

/** Tokens are good for 15 minutes: two chances before one is over, for auth-service may be away. */
export const RENEW_TOKENS_EVERY_MS = 400_000

/** The administrator of development, unless the environment names another. */
export async function logInAsAdmin(shop: ShopClient): Promise<Account> {
  const account = {
    email: process.env.SHOP_ADMIN_EMAIL ?? 'admin@shop.example',
    password: process.env.SHOP_ADMIN_PASSWORD ?? 'development-only-admin',
    token: '',
  }
  await logIn(shop, account)
  return account
}

export async function logIn(shop: ShopClient, account: Account): Promise<void> {
  const { email, password } = account
  account.token = (await shop.call('auth-service', 'POST /login', { body: { email, password } })).body.accessToken
}

export async function register(shop: ShopClient): Promise<Customer> {
  const account = {
    email: `${randomUUID()}@customers.example`,
    password: `long enough for ${randomUUID()}`,
    token: '',
  }
  const { email, password } = account
  await shop.call('auth-service', 'POST /register', { body: { email, password, name: 'Ada' } })
  await logIn(shop, account)
  const { body } = await shop.as(account.token).call('auth-service', 'GET /me')
  return { ...account, id: body.id }
}

/** Everybody logs in again. Who cannot goes on with the token there is. */
export async function renewTokens(shop: ShopClient, accounts: readonly Account[]): Promise<void> {
  for (const account of accounts) await logIn(shop, account).catch(() => undefined)
}
