import { type Bus, Runtime } from '@order-saga/common'
import type { CartConfig } from './config'
import { CartApi } from './http/cart-api'
import { routes } from './http/routes'
import { saga } from './saga'
import { forgetIdleCarts } from './use-cases/forget-idle-carts'

const FORGET_EVERY_MS = 600_000

const about = 'Carts, with current prices from its own replica of the catalogue.'

export async function buildCartService(config: CartConfig, bus?: Bus): Promise<Runtime> {
  const runtime = await Runtime.create({ service: 'cart-service', about, config, ...(bus && { bus }) })
  routes(runtime.app, new CartApi(runtime.database, config.currency))
  runtime.react(saga, { gatherMs: 50 })
  const forgetting = runtime.every(FORGET_EVERY_MS, 'idle carts', () =>
    forgetIdleCarts(runtime.database, config.cartIdleDays),
  )
  // a service that restarts more often would never get to it
  runtime.app.addHook('onReady', async () => void forgetting.runNow())
  return runtime
}
