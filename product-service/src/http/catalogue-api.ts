import { type Database, type Id, notFound } from '@order-saga/common'
import type { ProductCache } from '../cache/product-cache'
import { type KeyedRequest, type Once, onceByKey } from '../db/idempotency'
import { findInventory, type Inventory } from '../db/product-statements'
import { findReservation } from '../db/reservation-statements'
import type { Product } from '../domain/product'
import type { Reservation } from '../domain/reservation'
import { addStock, type Delivery } from '../use-cases/add-stock'
import type { Author } from '../use-cases/author'
import { createProduct, type NewProduct } from '../use-cases/create-product'
import { deleteProduct } from '../use-cases/delete-product'
import { type Change, updateProduct } from '../use-cases/update-product'

interface Options {
  readonly database: Database
  readonly cache: ProductCache
  readonly currency: string
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

  update(change: Change, author: Author): Promise<Product> {
    return this.#changing((manager, tx) => updateProduct(tx, manager, change, author))
  }

  async delete(id: Id, author: Author): Promise<void> {
    await this.#changing((manager, tx) => deleteProduct(tx, manager, id, author))
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

  async #changing(work: Parameters<Database['entityTransaction']>[0]): Promise<Product> {
    const product = (await this.#options.database.entityTransaction(work)) as Product
    this.#options.cache.outdate([product])
    return product
  }
}

function refuse(what: string): never {
  throw notFound(what)
}
