import { newId } from '@order-saga/common'
import { type AnswerOf, ShopClient } from '@order-saga/common/client'
import { addresses, waitFor } from '../infra'
import { baseUrlOf } from '../shop/service-env'

/** The running shop, as whoever has the token sees it. */
export const shop = (token?: string): ShopClient => new ShopClient({ baseUrlOf, token })

export interface Customer {
  readonly email: string
  readonly token: string
}

const logIn = async (email: string, password: string): Promise<string> =>
  (await shop().call('auth-service', 'POST /login', { body: { email, password } })).body.accessToken

/** A new customer for every scenario: nothing of an earlier run is in the way. */
export async function newCustomer(name: string): Promise<Customer> {
  const email = `${name.toLowerCase()}.${newId()}@customers.example`
  const password = `long enough for ${newId()}`
  await shop().call('auth-service', 'POST /register', { body: { email, name, password } })
  return { email, token: await logIn(email, password) }
}

export const logInAsAdmin = (): Promise<string> =>
  logIn(
    process.env.SHOP_ADMIN_EMAIL ?? 'admin@shop.example',
    process.env.SHOP_ADMIN_PASSWORD ?? 'development-only-admin',
  )

export type Product = AnswerOf<'product-service', 'GET /products/{id}'>
export type Stock = AnswerOf<'product-service', 'GET /inventory/{productId}'>

/** The whole catalogue, first page: the seeded products. */
export const catalogue = async (): Promise<readonly Product[]> =>
  (await shop().call('product-service', 'GET /products', { query: { limit: 50 } })).body.items

export const stockOf = async ({ id }: Product): Promise<Stock> =>
  (await shop().call('product-service', 'GET /inventory/{productId}', { path: { productId: id } })).body

export interface LedgerEntry {
  readonly type: 'charge' | 'decline' | 'refund'
  readonly amountMinor: number
}

/** What the payment provider itself says about an order. */
export async function ledgerOf(orderId: string): Promise<LedgerEntry[]> {
  const response = await fetch(`${addresses().providerUrl}/v1/ledger?reference=${orderId}`)
  return ((await response.json()) as { entries: LedgerEntry[] }).entries
}

export const captured = (ledger: LedgerEntry[]): number => sum(ledger, 'charge') - sum(ledger, 'refund')

const sum = (ledger: LedgerEntry[], type: LedgerEntry['type']) =>
  ledger.filter((entry) => entry.type === type).reduce((total, { amountMinor }) => total + amountMinor, 0)

/** Subjects of the mails a customer got. */
export async function mailsTo({ email }: Customer): Promise<string[]> {
  const query = encodeURIComponent(`to:"${email}"`)
  const response = await fetch(`${addresses().mailApiUrl}/api/v1/search?query=${query}`)
  return ((await response.json()) as { messages: { Subject: string }[] }).messages.map(({ Subject }) => Subject)
}

/** Waits for a condition of the world; false when it does not come true in time. */
export const becomesTrue = (condition: () => Promise<boolean>, timeoutMs = 15_000): Promise<boolean> =>
  waitFor(condition, { timeoutMs, what: 'condition', everyMs: 50 }).then(
    () => true,
    () => false,
  )
