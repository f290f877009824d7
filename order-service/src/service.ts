import { type Bus, Runtime } from '@order-saga/common'
import { Gauge } from 'prom-client'
import type { OrderConfig } from './config'
import { OrderRepository } from './db/order-repository'
import { OrderApi } from './http/order-api'
import { routes } from './http/routes'
import { orderMetrics } from './order-metrics'
import { steps } from './saga'
import { FollowOrders } from './use-cases/follow-orders'
import { PlaceOrder } from './use-cases/place-order'
import { DeadlineSweep, sweepRefunds } from './use-cases/sweep-orders'
import { WatchOrders } from './use-cases/watch-orders'

const about = 'Takes orders and decides, once, how each of them ends.'

export async function buildOrderService(config: OrderConfig, bus?: Bus): Promise<Runtime> {
  const runtime = await Runtime.create({ service: 'order-service', about, config, ...(bus && { bus }) })
  const { database, app, tracing } = runtime
  const { currency, cartUrl, orderDeadlineMs, openOrdersPerCustomer, graceMs, sweepMs } = config

  const metrics = orderMetrics(runtime.metrics)
  const watch = new WatchOrders(database)
  const follow = new FollowOrders(database, watch)
  reportHeld(watch, follow, runtime)
  const repository = new OrderRepository(
    (orders) => watch.ended(orders),
    (ids) => follow.changed(ids),
    metrics.ended,
  )
  const placeOrder = new PlaceOrder(database, { deadlineMs: orderDeadlineMs, maxOpen: openOrdersPerCustomer })
  const deadlines = new DeadlineSweep(database, repository, (found) => metrics.pastDeadline.set(found))

  routes(app, new OrderApi({ database, repository, placeOrder, watch, follow, currency, cartUrl, tracing }))
  runtime.react({
    steps,
    open: (tx, events) => repository.open(tx, events),
    close: (tx, book) => repository.close(tx, book),
  })
  runtime.every(sweepMs, 'deadlines', () => deadlines.run())
  runtime.every(sweepMs, 'refunds due', () => sweepRefunds(database, repository, graceMs))
  app.addHook('preClose', async () => {
    watch.close()
    follow.close()
  })
  return runtime
}

function reportHeld(watch: WatchOrders, follow: FollowOrders, { metrics }: Runtime): void {
  const registers = [metrics.registry]
  new Gauge({
    name: 'order_requests_held',
    help: 'Requests that wait for the end of their order',
    registers,
    collect() {
      this.set(watch.held)
    },
  })
  new Gauge({
    name: 'order_streams_open',
    help: 'Customers who are told of the changes of an order as they happen',
    registers,
    collect() {
      this.set(follow.open)
    },
  })
}
