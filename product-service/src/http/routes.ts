import { type App, causeOfRequest, type Database } from '@order-saga/common'
import { announceProducts } from '../use-cases/announce-products'
import { listProducts } from '../use-cases/list-products'
import type { CatalogueApi } from './catalogue-api'
import { cursorOf, placeOf } from './cursor'
import * as listings from './listing-schemas'
import { answerOnce, authorOf, etagOf, idempotencyKeyOf, ifMatchOf } from './request'
import * as schemas from './schemas'

const open = { access: 'public' } as const
const admin = { access: 'admin' } as const

/** Everything people may ask of product-service. */
export function routes(app: App, database: Database, api: CatalogueApi): void {
  app.get('/products', { config: open, schema: listings.listProductsSchema }, async ({ query }) => {
    const { sort = 'id', after, inStock, ...wanted } = query
    const place = after === undefined ? undefined : placeOf(sort, after)
    const page = await listProducts(database, { ...wanted, sort, after: place, isInStock: inStock !== undefined })
    return { items: page.items, next: page.next && cursorOf(sort, page.next) }
  })
  app.get('/categories', { config: open, schema: listings.listCategoriesSchema }, async () => ({
    items: await api.categories(),
  }))
  app.get('/products/:id', { config: open, schema: schemas.getProductSchema }, async ({ params }, reply) => {
    const product = await api.find(params.id)
    reply.header('etag', etagOf(product))
    return product
  })
  app.get('/inventory/:productId', { config: open, schema: schemas.getInventorySchema }, ({ params }) =>
    api.inventory(params.productId),
  )

  app.post('/products', { config: admin, schema: schemas.createProductSchema }, async (request, reply) => {
    const product = await api.create(request.body, authorOf(request))
    return reply.code(201).header('location', `/products/${product.id}`).send(product)
  })
  app.post('/imports', { config: admin, schema: schemas.importSchema }, async (request, reply) => {
    const imported = await api.import(request.body, authorOf(request))
    if (imported.outcome === 'created') reply.code(201).header('location', `/products/${imported.product.id}`)
    return imported
  })
  app.patch('/products/:id', { config: admin, schema: schemas.updateProductSchema }, async (request, reply) => {
    const change = { id: request.params.id, changes: request.body, isCurrent: ifMatchOf(request) }
    const product = await api.update(change, authorOf(request))
    reply.header('etag', etagOf(product))
    return product
  })
  app.delete('/products/:id', { config: admin, schema: schemas.deleteProductSchema }, async (request, reply) => {
    const author = authorOf(request)
    await api.delete({ id: request.params.id, isCurrent: ifMatchOf(request) }, author)
    // stock and prices keep by whom they were changed; of a deletion nothing else does
    request.log.info({ productId: request.params.id, userId: author.adminId }, 'product deleted')
    return reply.code(204).send(null)
  })
  app.post('/products/:id/restock', { config: admin, schema: schemas.restockSchema }, async (request, reply) => {
    const delivery = { ...request.body, id: request.params.id, kind: 'restock' } as const
    return answerOnce(reply, await api.addStock(delivery, idempotencyKeyOf(request), authorOf(request)))
  })
  app.post('/products/:id/adjust', { config: admin, schema: schemas.adjustSchema }, async (request, reply) => {
    const correction = { ...request.body, id: request.params.id, kind: 'adjust' } as const
    return answerOnce(reply, await api.addStock(correction, idempotencyKeyOf(request), authorOf(request)))
  })
  app.get('/products/:id/prices', { config: admin, schema: listings.listPricesSchema }, ({ params, query }) =>
    api.prices(params.id, query),
  )
  app.get('/products/:id/movements', { config: admin, schema: listings.listMovementsSchema }, ({ params, query }) =>
    api.movements(params.id, query),
  )
  app.get('/low-stock', { config: admin, schema: listings.lowStockSchema }, ({ query }) => api.lowStock(query))
  app.post('/announce', { config: admin, schema: schemas.announceSchema }, async (request, reply) =>
    reply.code(202).send({ announced: await announceProducts(database, causeOfRequest(request)) }),
  )
  app.get('/reservations/:orderId', { config: admin, schema: schemas.getReservationSchema }, ({ params }) =>
    api.reservation(params.orderId),
  )
}
