import { type App, callerOf, changed, type Database, type Decision, type Id } from '@order-saga/common'
import { addLine, type Cart, EMPTY, removeLine, setLine } from '../domain/cart'
import { editCart } from '../use-cases/edit-cart'
import { viewCart } from '../use-cases/view-cart'
import { addItem, emptyCart, getCart, removeItem, setItem } from './schemas'

interface Carts {
  readonly database: Database
  readonly currency: string
}

type Edit = (cart: Cart) => Decision<Cart>

const config = { access: 'customer' } as const

/** Everything people may ask of cart-service: each caller has one cart and no name for anybody else's. */
export function routes(app: App, { database, currency }: Carts): void {
  const edit = (customerId: Id, how: Edit) => database.transaction((tx) => editCart(tx, customerId, how))
  const editAndView = (customerId: Id, how: Edit) =>
    database.transaction(async (tx) => {
      await editCart(tx, customerId, how)
      return viewCart(tx, customerId, currency)
    })

  app.get('/cart', { config, schema: getCart }, (request) => viewCart(database, callerOf(request).userId, currency))

  app.post('/cart/items', { config, schema: addItem }, (request) =>
    editAndView(callerOf(request).userId, (cart) => addLine(cart, request.body)),
  )

  app.put('/cart/items/:productId', { config, schema: setItem }, (request) =>
    editAndView(callerOf(request).userId, (cart) => setLine(cart, { ...request.params, ...request.body })),
  )

  app.delete('/cart/items/:productId', { config, schema: removeItem }, async (request, reply) => {
    await edit(callerOf(request).userId, (cart) => removeLine(cart, request.params.productId))
    return reply.code(204).send(null)
  })

  app.delete('/cart', { config, schema: emptyCart }, async (request, reply) => {
    await edit(callerOf(request).userId, () => changed(EMPTY))
    return reply.code(204).send(null)
  })
}
