import { randomUUID } from 'node:crypto'
import { type Account, type Customer, logInAsAdmin, register, renewTokens } from '../../shoppers/accounts'
import { must } from '../../shoppers/ask'
import type { Site } from '../site/site'
import { CUSTOMERS, HOT_PRODUCTS, PRODUCTS } from './wish'

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
  const admin = await logInAsAdmin(auth)
  const customers: Customer[] = []
  for (let n = 0; n < CUSTOMERS; n++) customers.push(await register(auth))
  const stock = Array.from({ length: PRODUCTS }, (_, n) => (n < HOT_PRODUCTS ? HOT : PLENTY))
  const products: string[] = []
  for (const available of stock) products.push(await addProduct(site, admin.token, available))
  return { customers, admin, products, soldOut: await addProduct(site, admin.token, 0) }
}

/** auth-service may be just away. */
export const renewAll = (site: Site, { customers, admin }: Population): Promise<void> =>
  renewTokens(site.url('auth-service'), [admin, ...customers])

async function addProduct(site: Site, token: string, available: number): Promise<string> {
  const body = { sku: randomUUID(), name: 'Stoneware mug', category: 'kitchen', priceMinor: 1_650, available }
  const { id } = await must<{ id: string }>(`${site.url('product-service')}/products`, { token, body })
  return id
}
