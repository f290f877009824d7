import { randomUUID } from 'node:crypto'
import type { Site } from '../site/site'
import { must } from './ask'
import { CUSTOMERS, HOT_PRODUCTS, PRODUCTS } from './wish'

export interface Account {
  readonly email: string
  readonly password: string
  /** Renewed now and then: it outlives no run. */
  token: string
}

export interface Customer extends Account {
  readonly id: string
}

/** Who shops and what is on sale. A resumed run goes on with the same. */
export interface Population {
  readonly customers: readonly Customer[]
  readonly admin: Account
  readonly products: readonly string[]
  readonly soldOut: string
}

const PLENTY = 100_000
const HOT = 20_000

export async function populate(site: Site): Promise<Population> {
  const auth = site.url('auth-service')
  const admin = { email: 'admin@shop.example', password: 'development-only-admin', token: '' }
  await logIn(auth, admin)
  const customers: Customer[] = []
  for (let n = 0; n < CUSTOMERS; n++) customers.push(await register(auth))
  const stock = Array.from({ length: PRODUCTS }, (_, n) => (n < HOT_PRODUCTS ? HOT : PLENTY))
  const products: string[] = []
  for (const available of stock) products.push(await addProduct(site, admin.token, available))
  return { customers, admin, products, soldOut: await addProduct(site, admin.token, 0) }
}

/** Everybody logs in again. Who cannot, because auth-service is just away, goes on with the token there is. */
export async function renewTokens(site: Site, { customers, admin }: Population): Promise<void> {
  for (const account of [admin, ...customers]) await logIn(site.url('auth-service'), account).catch(() => undefined)
}

async function logIn(auth: string, account: Account): Promise<void> {
  const { email, password } = account
  account.token = (await must<{ accessToken: string }>(`${auth}/login`, { body: { email, password } })).accessToken
}

async function register(auth: string): Promise<Customer> {
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

async function addProduct(site: Site, token: string, available: number): Promise<string> {
  const body = { sku: randomUUID(), name: 'Stoneware mug', category: 'kitchen', priceMinor: 1_650, available }
  const { id } = await must<{ id: string }>(`${site.url('product-service')}/products`, { token, body })
  return id
}
