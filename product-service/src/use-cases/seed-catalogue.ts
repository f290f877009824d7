import { type Database, type Id, newId, productCreated, statement, type Tx } from '@order-saga/common'
import { recordPrices, recordStock } from '../db/product-statements'
import { snapshotOf } from '../domain/product'
import { seedProducts } from '../seed/catalogue'

const sow = statement('seeds-sow', `INSERT INTO seeds (name, id) VALUES ('catalogue', $1) ON CONFLICT DO NOTHING`)
const sown = statement<{ id: Id }>('seeds-sown', `SELECT id FROM seeds WHERE name = 'catalogue'`)

const insert = statement(
  'products-seed',
  `INSERT INTO products (id, sku, name, description, category, price_minor, currency, available)
   SELECT id, sku, name, description, category, "priceMinor", $2, available
   FROM json_to_recordset($1::json) AS seed(
     id uuid, sku text, name text, description text, category text, "priceMinor" bigint, available int)
   ORDER BY id`,
)

/**
 * Puts the first products on the shelf, once and for all: of two instances starting together the second waits on
 * the row of `seeds` and then finds it taken. Answers the id of this catalogue.
 */
export const seedCatalogue = (database: Database, currency: string): Promise<Id> =>
  database.transaction(async (tx) => {
    const catalogueId = newId()
    if ((await tx.execute(sow, [catalogueId])) === 1) {
      tx.concerns('seedCatalogue')
      await stockShelves(tx, catalogueId, currency)
    }
    const [seed] = await tx.query(sown)
    return seed?.id ?? catalogueId
  })

async function stockShelves(tx: Tx, correlationId: Id, currency: string): Promise<void> {
  const ids = seedProducts.map(({ id }) => id)
  await tx.write(insert, [JSON.stringify(seedProducts), currency], ids.length)
  await tx.execute(recordStock, [ids, 'initial', seedProducts.map(({ available }) => available), null, null])
  await tx.execute(recordPrices, [ids, seedProducts.map(({ priceMinor }) => priceMinor), null])
  for (const product of seedProducts)
    tx.emit(productCreated, snapshotOf({ ...product, currency, isActive: true, version: 1 }), { correlationId })
}
