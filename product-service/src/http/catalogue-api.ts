import { type Database, type Id, notFound } from '@order-saga/common'
import type { ProductCache } from '../cache/product-cache'
import { type KeyedRequest, type Once, onceByKey } from '../db/idempotency'
import {
  type Category,
  type LowStock,
  listCategories,
  listLowStock,
  listMovements,
  listPrices,
  type PastPrice,
} from '../db/listing-statements'
import { findInventory, type Inventory } from '../db/product-statements'
import { findReservation } from '../db/reservation-statements'
import type { Product } from '../domain/product'
import type { Reservation } from '../domain/reservation'
import { LOW_STOCK } from '../domain/stock-lines'
import { addStock, type Delivery } from '../use-cases/add-stock'
import type { Author } from '../use-cases/author'
import { createProduct, type NewProduct } from '../use-cases/create-product'
import { deleteProduct } from '../use-cases/delete-product'
import { type Imported, importProduct } from '../use-cases/import-product'
import { BEFORE_ALL } from '../use-cases/list-products'
import { type Change, updateProduct } from '../use-cases/update-product'

interface Options {
  readonly database: Database
  readonly cache: ProductCache
  readonly currency: string
}

interface LowStockQuery {
  readonly threshold?: number
  readonly after?: Id
  readonly limit?: number
}

interface MovementsQuery {
  readonly before?: number
  readonly limit?: number
}

interface PricesQuery {
  readonly before?: string
  readonly limit?: number
}

/** What the routes ask for: opens the transaction a use case works in, and outdates the cache after its commit. */
export class CatalogueApi {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  async find(id: Id): Promise<Product> {
    return (await this.#options.cache.find(id)) ?? refuse('product')
  }

  create(wanted: NewProduct, author: Author): Promise<Product> {
    const { database, currency } = this.#options
    return database.entityTransaction((manager, tx) => createProduct(tx, manager, wanted, { ...author, currency }))
  }

  async import(line: NewProduct, author: Author): Promise<Imported> {
    const { database, cache, currency } = this.#options
    const imported = await database.entityTransaction((manager, tx) =>
      importProduct(tx, manager, line, { ...author, currency }),
    )
    if (imported.outcome === 'changed') cache.outdate([imported.product])
    return imported
  }

  update(change: Change, author: Author): Promise<Product> {
    return this.#changing((manager, tx) => updateProduct(tx, manager, change, author))
  }

  async delete(seen: Pick<Change, 'id' | 'isCurrent'>, author: Author): Promise<void> {
    await this.#changing((manager, tx) => deleteProduct(tx, manager, seen, author))
  }

  async addStock(delivery: Delivery, key: string | undefined, author: Author): Promise<Once<Product>> {
    const { database, cache } = this.#options
    const { id, kind, quantity, reason } = delivery
    const keyed: KeyedRequest = { caller: author.adminId, route: kind, key, request: [id, quantity, reason] }
    const once = await database.transaction((tx) => onceByKey(tx, keyed, () => addStock(tx, delivery, author)))
    cache.outdate([once.response])
    return once
  }

  async inventory(productId: Id): Promise<Inventory> {
    const [inventory] = await this.#options.database.query(findInventory, [productId])
    return inventory ?? refuse('product')
  }

  async reservation(orderId: Id): Promise<Reservation> {
    const [found] = await this.#options.database.query(findReservation, [orderId])
    return found?.state ?? refuse('reservation')
  }

  categories(): Promise<Category[]> {
    return this.#options.database.query(listCategories)
  }

  async lowStock({ threshold = LOW_STOCK, after = BEFORE_ALL, limit = 20 }: LowStockQuery) {
    const items: LowStock[] = await this.#options.database.query(listLowStock, [after, threshold, limit])
    return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null }
  }

  /** Newest first; of products that are gone as well. */
  async prices(id: Id, { before, limit = 20 }: PricesQuery) {
    const rows = await this.#options.database.query(listPrices, [id, before ?? null, limit])
    // whatever was ever in the catalogue had a price
    if (rows.length === 0 && before === undefined) throw notFound('product')
    const items: PastPrice[] = rows.map(({ past }) => past)
    return { items, next: items.length === limit ? (items.at(-1)?.validFrom ?? null) : null }
  }

  /** By hand, newest first; of products that are gone as well. */
  async movements(id: Id, { before, limit = 20 }: MovementsQuery) {
    const rows = await this.#options.database.query(listMovements, [id, before ?? null, limit])
    // whatever was ever in the catalogue began with some stock, or none
    if (rows.length === 0 && before === undefined) throw notFound('product')
    const items = rows.map(({ movement }) => movement)
    return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null }
  }

  async #changing(work: Parameters<Database['entityTransaction']>[0]): Promise<Product> {
    const product = (await this.#options.database.entityTransaction(work)) as Product
    this.#options.cache.outdate([product])
    return product
  }
}

function refuse(what: string): never {
  throw notFound(what)
}
