import { newId, type ServiceName } from '@order-saga/common'
import { addresses, waitFor } from '../infra'
import { baseUrlOf } from '../shop/service-env'

export interface Answer<T> {
  readonly status: number
  readonly body: T
}

interface Call {
  readonly method?: string
  readonly token?: string
  readonly body?: object
  readonly headers?: Record<string, string>
}

/** One HTTP request, answered whatever the status. */
export async function call<T>(
  service: ServiceName,
  path: string,
  { method = 'GET', token, body, headers }: Call = {},
): Promise<Answer<T>> {
  const response = await fetch(baseUrlOf(service) + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await response.text()
  return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T }
}

/** The same where anything but success ends the demo. */
export async function must<T>(service: ServiceName, path: string, options: Call = {}): Promise<T> {
  const { status, body } = await call<T>(service, path, options)
  if (status >= 300) throw new Error(`${options.method ?? 'GET'} ${service} ${path}: ${status} ${JSON.stringify(body)}`)
  return body
}

export interface Customer {
  readonly email: string
  readonly token: string
}

async function logIn(email: string, password: string): Promise<string> {
  const { accessToken } = await must<{ accessToken: string }>('auth-service', '/login', {
    method: 'POST',
    body: { email, password },
  })
  return accessToken
}

/** A new customer for every scenario: nothing of an earlier run is in the way. */
export async function newCustomer(name: string): Promise<Customer> {
  const email = `${name.toLowerCase()}.${newId()}@customers.example`
  const password = `long enough for ${newId()}`
  await must('auth-service', '/register', { method: 'POST', body: { email, name, password } })
  return { email, token: await logIn(email, password) }
}

export const logInAsAdmin = (): Promise<string> =>
  logIn(
    process.env.SHOP_ADMIN_EMAIL ?? 'admin@shop.example',
    process.env.SHOP_ADMIN_PASSWORD ?? 'development-only-admin',
  )

export interface Product {
  readonly id: string
  readonly sku: string
  readonly name: string
  readonly priceMinor: number
  readonly currency: string
}

export interface Stock {
  readonly available: number
  readonly reserved: number
  readonly sold: number
}

/** The whole catalogue, first page: the seeded products. */
export const catalogue = async (): Promise<Product[]> =>
  (await must<{ items: Product[] }>('product-service', '/products?limit=50')).items

export const stockOf = ({ id }: Product): Promise<Stock> => must('product-service', `/inventory/${id}`)

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
