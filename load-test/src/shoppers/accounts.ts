import { randomUUID } from 'node:crypto'
import { must } from './ask'

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
export async function logInAsAdmin(auth: string): Promise<Account> {
  const account = {
    email: process.env.SHOP_ADMIN_EMAIL ?? 'admin@shop.example',
    password: process.env.SHOP_ADMIN_PASSWORD ?? 'development-only-admin',
    token: '',
  }
  await logIn(auth, account)
  return account
}

export async function logIn(auth: string, account: Account): Promise<void> {
  const { email, password } = account
  account.token = (await must<{ accessToken: string }>(`${auth}/login`, { body: { email, password } })).accessToken
}

export async function register(auth: string): Promise<Customer> {
  const account = {
    email: `${randomUUID()}@customers.example`,
    password: `long enough for ${randomUUID()}`,
    token: '',
  }
  await must(`${auth}/register`, { body: { email: account.email, password: account.password, name: 'Ada' } })
  await logIn(auth, account)
  const { id } = await must<{ id: string }>(`${auth}/me`, { token: account.token })
  return { ...account, id }
}

/** Everybody logs in again. Who cannot goes on with the token there is. */
export async function renewTokens(auth: string, accounts: readonly Account[]): Promise<void> {
  for (const account of accounts) await logIn(auth, account).catch(() => undefined)
}
