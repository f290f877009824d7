import { type App, callerOf, changed, type Id } from '@order-saga/common'
import type { FastifyRequest } from 'fastify'
import { addLine, EMPTY, removeLine, setLine } from '../domain/cart'
import type { Edit } from '../use-cases/edit-cart'
import type { CartApi, Owner } from './cart-api'
import * as schemas from './schemas'

interface Pieces {
  readonly productId: Id
  readonly quantity: number
}

const add = (line: Pieces): Edit => ({ how: (cart) => addLine(cart, line) })
const set = (line: Pieces): Edit => ({ how: (cart) => setLine(cart, line), agreesTo: line.productId })
const remove = (productId: Id): Edit => ({ how: (cart) => removeLine(cart, productId) })
const empty: Edit = { how: () => changed(EMPTY) }

/** Everything people may ask of cart-service: each caller has one cart and no name for anybody else's. */
export function routes(app: App, carts: CartApi): void {
  const config = { access: 'customer' } as const
  const me = (request: FastifyRequest): Owner => ({ customerId: callerOf(request).userId })

  app.get('/cart', { config, schema: schemas.getCart }, (request) => carts.view(me(request)))
  app.post('/cart/items', { config, schema: schemas.addItem }, (request) => carts.edit(me(request), add(request.body)))
  app.put('/cart/items/:productId', { config, schema: schemas.setItem }, (request) =>
    carts.edit(me(request), set({ ...request.params, ...request.body })),
  )
  app.delete('/cart/items/:productId', { config, schema: schemas.removeItem }, async (request, reply) => {
    await carts.edit(me(request), remove(request.params.productId))
    return reply.code(204).send(null)
  })
  app.delete('/cart', { config, schema: schemas.emptyCart }, async (request, reply) => {
    await carts.edit(me(request), empty)
    return reply.code(204).send(null)
  })
  app.post('/cart/merge', { config, schema: schemas.mergeCarts }, (request) =>
    carts.merge(callerOf(request).userId, request.body.guestToken),
  )
  guestRoutes(app, carts)
}

/** The same for people who have not logged in. */
function guestRoutes(app: App, carts: CartApi): void {
  const config = { access: 'public' } as const
  const { ofGuest } = schemas
  const guest = ({ headers }: { headers: { 'guest-token': string } }): Owner => ({ guestToken: headers['guest-token'] })

  app.post('/guest-carts', { config, schema: schemas.openGuestCart }, async (_request, reply) =>
    reply.code(201).send({ guestToken: await carts.openGuestCart() }),
  )
  app.get('/guest-cart', { config, schema: ofGuest(schemas.getCart) }, (request) => carts.view(guest(request)))
  app.post('/guest-cart/items', { config, schema: ofGuest(schemas.addItem) }, (request) =>
    carts.edit(guest(request), add(request.body)),
  )
  app.put('/guest-cart/items/:productId', { config, schema: ofGuest(schemas.setItem) }, (request) =>
    carts.edit(guest(request), set({ ...request.params, ...request.body })),
  )
  const removal = { config, schema: ofGuest(schemas.removeItem) }
  app.delete('/guest-cart/items/:productId', removal, async (request, reply) => {
    await carts.edit(guest(request), remove(request.params.productId))
    return reply.code(204).send(null)
  })
  // nobody else may keep a copy of what only a token opens
  app.addHook('onSend', async (request, reply) => {
    if (request.routeOptions.url?.startsWith('/guest-cart')) reply.header('cache-control', 'no-store')
  })
}
