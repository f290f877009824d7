import { type Bus, Runtime } from '@order-saga/common'
import type { CartConfig } from './config'
import { routes } from './http/routes'
import { saga } from './saga'

const about = 'Carts, with current prices from its own replica of the catalogue.'

export async function buildCartService(config: CartConfig, bus?: Bus): Promise<Runtime> {
  const runtime = await Runtime.create({ service: 'cart-service', about, config, ...(bus && { bus }) })
  routes(runtime.app, { database: runtime.database, currency: config.currency })
  runtime.react(saga, { gatherMs: 50 })
  return runtime
}
