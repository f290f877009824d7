import { type App, callerOf, failpoint, traceparentOfRequest } from '@order-saga/common'
import { eventStream, lastSeenOf } from './event-stream'
import type { OrderApi } from './order-api'
import { etagOf, retryAfterOf, toAccepted, toView } from './order-view'
import { idempotencyKeyOf, matchesEtag, waitSecondsOf } from './request-headers'
import {
  cancelOrderSchema,
  getOrderSchema,
  listOrdersSchema,
  orderEventsSchema,
  placeOrderSchema,
  searchOrdersSchema,
  timelineSchema,
} from './schemas'

const config = { access: 'customer' } as const
const admin = { access: 'admin' } as const

/** Everything people may ask of order-service. */
export function routes(app: App, api: OrderApi): void {
  app.post('/orders', { config, schema: placeOrderSchema }, async (request, reply) => {
    const key = idempotencyKeyOf(request.headers['idempotency-key'])
    const traceparent = traceparentOfRequest(request) ?? null
    const placed = await api.place(callerOf(request), request.body, { key, requestId: request.id, traceparent })
    if (placed.isReplay) reply.header('idempotency-replayed', 'true')
    const body = toAccepted(placed.order)
    failpoint('order.before_answer', ['placeOrder'])
    return reply.code(202).header('location', body.links.self).header('retry-after', '1').send(body)
  })

  app.get('/orders/:id', { config, schema: getOrderSchema }, async (request, reply) => {
    const known = request.headers['if-none-match']
    const waitS = waitSecondsOf(request.headers.prefer)
    const order = await api.poll(callerOf(request), request.params.id, { known, waitS, hungUp: request.signal })
    if (waitS > 0) reply.header('preference-applied', `wait=${waitS}`)
    if (order.status === 'pending') reply.header('retry-after', retryAfterOf(order))
    reply.header('etag', etagOf(order)).header('cache-control', 'private, no-cache')
    return matchesEtag(known, etagOf(order)) ? reply.code(304).send(undefined) : toView(order)
  })

  app.get('/orders', { config, schema: listOrdersSchema }, (request) => api.list(callerOf(request), request.query))

  app.post('/orders/:id/cancel', { config, schema: cancelOrderSchema }, async (request) =>
    toView(await api.cancel(callerOf(request), request.params.id)),
  )

  app.get('/orders/:id/timeline', { config, schema: timelineSchema }, (request) =>
    api.timeline(callerOf(request), request.params.id),
  )

  app.get('/orders/:id/events', { config, schema: orderEventsSchema }, async (request, reply) => {
    const following = await api.follow(
      callerOf(request),
      request.params.id,
      lastSeenOf(request.headers['last-event-id']),
    )
    if (!following) return reply.code(204).send()
    const stream = eventStream(following, request.signal)
    // proxies that collect an answer before they hand it on would make it worthless; and a connection that is kept
    // after a stream which was let go holds up the end of the process
    reply.type('text/event-stream').header('x-accel-buffering', 'no').header('connection', 'close')
    if (request.method !== 'HEAD') return reply.send(stream)
    stream.destroy()
    return reply.send('')
  })

  app.get('/admin/orders', { config: admin, schema: searchOrdersSchema }, (request) => api.search(request.query))
}
