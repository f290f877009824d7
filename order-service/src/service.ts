import { type Bus, Runtime } from '@order-saga/common'
import { Gauge } from 'prom-client'
import type { OrderConfig } from './config'
import { OrderRepository } from './db/order-repository'
import { OrderApi } from './http/order-api'
import { routes } from './http/routes'
import { steps } from './saga'
import { PlaceOrder } from './use-cases/place-order'
import { DeadlineSweep, sweepRefunds } from './use-cases/sweep-orders'
import { WatchOrders } from './use-cases/watch-orders'

const about = 'Takes orders and decides, once, how each of them ends.'

export async function buildOrderService(config: OrderConfig, bus?: Bus): Promise<Runtime> {
  const runtime = await Runtime.create({ service: 'order-service', about, config, ...(bus && { bus }) })
  const { database, app } = runtime
  const { currency, cartUrl, orderDeadlineMs, openOrdersPerCustomer, graceMs, sweepMs } = config

  const watch = new WatchOrders(database)
  reportHeld(watch, runtime)
  const repository = new OrderRepository((ids) => watch.ended(ids))
  const placeOrder = new PlaceOrder(database, { deadlineMs: orderDeadlineMs, maxOpen: openOrdersPerCustomer })
  const deadlines = new DeadlineSweep(database, repository)

  routes(app, new OrderApi({ database, repository, placeOrder, watch, currency, cartUrl }))
  runtime.react({
    steps,
    open: (tx, events) => repository.open(tx, events),
    close: (tx, book) => repository.close(tx, book),
  })
  runtime.every(sweepMs, 'deadlines', () => deadlines.run())
  runtime.every(sweepMs, 'refunds due', () => sweepRefunds(database, repository, graceMs))
  app.addHook('preClose', async () => watch.close())
  return runtime
}

function reportHeld(watch: WatchOrders, { metrics }: Runtime): void {
  new Gauge({
    name: 'order_requests_held',
    help: 'Requests that wait for the end of their order',
    registers: [metrics.registry],
    collect() {
      this.set(watch.held)
    },
  })
}
