import { newId } from '@order-saga/common'
import type { AnswerOf, ShopClient } from '@order-saga/common/client'
import type { Catalogue } from './shopper'

type Product = Pick<AnswerOf<'product-service', 'POST /products'>, 'id' | 'sku'>

const SOLD_OUT_SKU = 'LOAD-TEST-SOLD-OUT'
const PAGE = 100

/** Every product on sale, and one of which there is none, made by an administrator when it does not exist. */
export async function openCatalogue(shop: ShopClient): Promise<Catalogue> {
  const all: Product[] = []
  for (let after: string | null | undefined; after !== null; ) {
    const query = { limit: PAGE, ...(after && { after }) }
    const { body } = await shop.call('product-service', 'GET /products', { query })
    all.push(...body.items)
    after = body.next
  }
  const onSale = all.filter(({ sku }) => sku !== SOLD_OUT_SKU).map(({ id }) => id)
  if (onSale.length === 0) throw new Error('nothing is on sale: the catalogue is empty')
  const soldOut = all.find(({ sku }) => sku === SOLD_OUT_SKU) ?? (await addSoldOut(shop))
  return { products: onSale, soldOut: soldOut.id }
}

async function addSoldOut(shop: ShopClient): Promise<Product> {
  const body = { sku: SOLD_OUT_SKU, name: 'Sold out', category: 'load test', priceMinor: 1_000, available: 0 }
  return (await shop.call('product-service', 'POST /products', { body })).body
}

/** An administrator fills every product up to so many pieces; what has more keeps it. Answers how many came in. */
export async function replenish(shop: ShopClient, { products }: Catalogue, pieces: number): Promise<number> {
  let delivered = 0
  for (const id of products) {
    const { body } = await shop.call('product-service', 'GET /inventory/{productId}', { path: { productId: id } })
    const quantity = pieces - body.available
    if (quantity <= 0) continue
    await shop.call('product-service', 'POST /products/{id}/restock', {
      path: { id },
      headers: { 'idempotency-key': newId() },
      body: { quantity, reason: 'load test' },
    })
    delivered += quantity
  }
  return delivered
}
