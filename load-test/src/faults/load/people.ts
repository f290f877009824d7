import { randomUUID } from 'node:crypto'
import { ShopClient } from '@order-saga/common/client'
import { type Account, type Customer, logInAsAdmin, register, renewTokens } from '../../shoppers/accounts'
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

/** Asks once: who is away is away. */
export const clientOf = (site: Site, token?: string): ShopClient =>
  new ShopClient({ baseUrlOf: (service) => site.url(service), token, maxMs: 0 })

export async function populate(site: Site): Promise<Population> {
  const shop = clientOf(site)
  const admin = await logInAsAdmin(shop)
  const byAdmin = shop.as(admin.token)
  const customers: Customer[] = []
  for (let n = 0; n < CUSTOMERS; n++) customers.push(await register(shop))
  const stock = Array.from({ length: PRODUCTS }, (_, n) => (n < HOT_PRODUCTS ? HOT : PLENTY))
  const products: string[] = []
  for (const available of stock) products.push(await addProduct(byAdmin, available))
  return { customers, admin, products, soldOut: await addProduct(byAdmin, 0) }
}

/** auth-service may be just away. */
export const renewAll = (site: Site, { customers, admin }: Population): Promise<void> =>
  renewTokens(clientOf(site), [admin, ...customers])

async function addProduct(shop: ShopClient, available: number): Promise<string> {
  const body = { sku: randomUUID(), name: 'Stoneware mug', category: 'kitchen', priceMinor: 1_650, available }
  return (await shop.call('product-service', 'POST /products', { body })).body.id
}
