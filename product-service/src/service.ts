import { type Bus, Runtime } from '@order-saga/common'
import { ProductCache } from './cache/product-cache'
import type { ProductConfig } from './config'
import { ProductEntity } from './db/product-entity'
import { findProduct } from './db/product-statements'
import { Reservations } from './db/reservations'
import { CatalogueApi } from './http/catalogue-api'
import { routes } from './http/routes'
import { steps } from './saga'
import { askAboutOverdue } from './use-cases/ask-about-overdue'
import { seedCatalogue } from './use-cases/seed-catalogue'

const service = 'product-service'
const about = 'Keeps the catalogue and the stock; prices every order and holds all of its lines or none.'

export async function buildProductService(config: ProductConfig, bus?: Bus): Promise<Runtime> {
  const entities = [ProductEntity]
  const runtime = await Runtime.create({ service, about, config, entities, ...(bus && { bus }) })
  const { app, database, metrics, log, redis } = runtime
  const { currency, graceMs, sweepMs } = config

  const load = async (id: string) => (await database.query(findProduct, [id]))[0]
  const prefix = `${config.redisPrefix}${service}:`
  const cache = new ProductCache({ redis, prefix, load, metrics, log })
  const reservations = new Reservations({ currency, stockChanged: (products) => cache.outdate(products) })

  routes(app, database, new CatalogueApi({ database, cache, currency }))
  runtime.react({
    steps,
    open: (tx, events) => reservations.open(tx, events),
    close: (tx, book) => reservations.close(tx, book),
  })
  runtime.every(sweepMs, 'overdue reservations', () => askAboutOverdue(database, graceMs))

  // with the database away at the start, this comes as soon as it is there
  const seeding = runtime.every(1_000, 'seed', async () => {
    if (!cache.isOpen) cache.open(await seedCatalogue(database, currency))
  })
  runtime.needs(() => (cache.isOpen ? undefined : 'catalogue'))
  app.addHook('onReady', async () => {
    void seeding.runNow()
  })
  return runtime
}
