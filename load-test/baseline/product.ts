import type { EntityManager } from 'typeorm'
import { type Line, openBroker, openDatabase, type Product, ready } from './shared'

class OutOfStock extends Error {}

async function take(manager: EntityManager, items: readonly Line[]): Promise<void> {
  // in the sequence of their ids, or two orders lock each other out
  for (const { productId, quantity } of [...items].sort((a, b) => a.productId.localeCompare(b.productId))) {
    const { affected } = await manager
      .createQueryBuilder()
      .update<Product>('products')
      .set({ available: () => 'available - :quantity' })
      .where('id = :productId AND available >= :quantity', { productId, quantity })
      .execute()
    if (!affected) throw new OutOfStock()
  }
}

async function giveBack(manager: EntityManager, items: readonly Line[]): Promise<void> {
  for (const { productId, quantity } of [...items].sort((a, b) => a.productId.localeCompare(b.productId)))
    await manager.increment('products', { id: productId }, 'available', quantity)
}

async function main(): Promise<void> {
  const database = await openDatabase()
  const { publish, consume } = await openBroker('product', ['order.created', 'payment.failed'])
  await consume(async (key, message) => {
    // a delivery that comes twice takes, or gives back, twice
    if (key === 'payment.failed') return database.transaction((manager) => giveBack(manager, message.items))
    try {
      await database.transaction((manager) => take(manager, message.items))
      publish('stock.reserved', message)
    } catch (error) {
      if (!(error instanceof OutOfStock)) throw error
      publish('stock.rejected', message)
    }
  })
  ready()
}

void main()
