import { type Cause, type Database, type Id, productUpdated } from '@order-saga/common'
import { listLive } from '../db/product-statements'
import { snapshotOf } from '../domain/product'
import { BEFORE_ALL } from './list-products'

const PAGE = 500

/** Tells every live product again as it is, same version: fills a new or lost replica, and is old news to others. */
export async function announceProducts(database: Database, cause: Cause): Promise<number> {
  let announced = 0
  for (let after: Id | undefined = BEFORE_ALL; after !== undefined; ) {
    const products = await announcePage(database, after, cause)
    announced += products.length
    after = products.length === PAGE ? products.at(-1)?.id : undefined
  }
  return announced
}

const announcePage = (database: Database, after: Id, cause: Cause) =>
  database.transaction(async (tx) => {
    const products = (await tx.query(listLive, [after, PAGE])).map(({ product }) => product)
    for (const product of products) tx.emit(productUpdated, snapshotOf(product), cause)
    return products
  })
