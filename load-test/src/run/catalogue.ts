import { newId } from '@order-saga/common'
import { must } from '../shoppers/ask'
import type { Catalogue } from './shopper'

interface Product {
  readonly id: string
  readonly sku: string
}

interface Page {
  readonly items: readonly Product[]
  readonly next: string | null
}

const SOLD_OUT_SKU = 'LOAD-TEST-SOLD-OUT'
const PAGE = 100

/** Every product on sale, and one of which there is none, made when it does not exist. */
export async function openCatalogue(products: string, adminToken: string): Promise<Catalogue> {
  const all: Product[] = []
  for (let next: string | null = ''; next !== null; ) {
    const from: string = next ? `&after=${next}` : ''
    const page: Page = await must(`${products}/products?limit=${PAGE}${from}`)
    all.push(...page.items)
    next = page.next
  }
  const onSale = all.filter(({ sku }) => sku !== SOLD_OUT_SKU).map(({ id }) => id)
  if (onSale.length === 0) throw new Error('nothing is on sale: the catalogue is empty')
  const soldOut = all.find(({ sku }) => sku === SOLD_OUT_SKU) ?? (await addSoldOut(products, adminToken))
  return { products: onSale, soldOut: soldOut.id }
}

function addSoldOut(products: string, token: string): Promise<Product> {
  const body = { sku: SOLD_OUT_SKU, name: 'Sold out', category: 'load test', priceMinor: 1_000, available: 0 }
  return must(`${products}/products`, { token, body })
}

/** Fills every product up to so many pieces; what has more keeps it. Answers how many came in. */
export async function replenish(url: string, token: string, { products }: Catalogue, pieces: number): Promise<number> {
  let delivered = 0
  for (const id of products) {
    const { available } = await must<{ available: number }>(`${url}/inventory/${id}`)
    const quantity = pieces - available
    if (quantity <= 0) continue
    const headers = { 'idempotency-key': newId() }
    await must(`${url}/products/${id}/restock`, { token, headers, body: { quantity, reason: 'load test' } })
    delivered += quantity
  }
  return delivered
}
