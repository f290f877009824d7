import { randomUUID } from 'node:crypto'
import { type Id, newId, serviceNames } from '@order-saga/common'
import type { InputShop } from './input-shop'

/** Who may ask what, and gets which answer: one line for each verb and path of each service. */
export interface Expected {
  /** When it holds a parameter, or a query. */
  readonly path?: (world: InputShop) => string | Promise<string>
  readonly body?: (world: InputShop) => object
  /** Of whoever may, where asking takes something from them: not those everybody else here needs. */
  readonly bearer?: (world: InputShop) => Promise<string>
  /** Answer to whom it belongs to, or who is asked for himself. */
  readonly customer?: number
  /** Answer to another customer who names what belongs to the first; undefined: nothing here belongs to anybody. */
  readonly stranger?: number
  readonly admin: number
  /** How one is to prove who one is, where that is not by a token. */
  readonly scheme?: string
}

const same = (status: number): Pick<Expected, 'customer' | 'stranger' | 'admin'> => ({
  customer: status,
  stranger: status,
  admin: status,
})

const newProduct = () => ({ sku: randomUUID(), name: 'Mug', category: 'kitchen', priceMinor: 100 })
const someId = (path: string) => () => path.replace('{id}', newId())
const ofProduct =
  (path: string) =>
  ({ product }: InputShop) =>
    path.replace('{id}', product)
const ofOrder =
  (path: string) =>
  ({ order }: InputShop) =>
    path.replace('{id}', order)
const line = ({ product }: InputShop) => ({ productId: product, quantity: 1 })

/** A customer who is needed for nothing else. */
const somebody = ({ somebody }: InputShop): Promise<string> => somebody()

/** One that is only there to be deleted. */
const doomed = async ({ shop }: InputShop): Promise<Id> => shop.product()

const ofOne: Readonly<Record<string, Expected>> = {
  'auth-service POST /register': {
    body: () => ({ email: `${randomUUID()}@example.com`, password: `correct horse ${randomUUID()}`, name: 'Ada' }),
    ...same(202),
  },
  'auth-service POST /login': {
    body: ({ customer: { email, password } }) => ({ email, password }),
    ...same(200),
  },
  'auth-service POST /password-resets': { body: () => ({ email: 'nobody@example.com' }), ...same(202) },
  // 400: no such code
  'auth-service POST /password-resets/confirm': {
    body: () => ({ code: 'never issued', newPassword: `correct horse ${randomUUID()}` }),
    ...same(400),
  },
  'auth-service POST /refresh': { body: () => ({ refreshToken: 'never issued' }), ...same(401) },
  'auth-service POST /logout': { bearer: somebody, ...same(204) },
  'auth-service POST /logout-everywhere': { bearer: somebody, ...same(204) },
  'auth-service GET /.well-known/jwks.json': same(200),
  'auth-service GET /signing-keys': { admin: 200 },
  'auth-service POST /signing-keys': { admin: 201 },
  // 404: there is no such key
  'auth-service DELETE /signing-keys/{kid}': { path: () => `/signing-keys/${newId()}`, admin: 404 },
  'auth-service GET /me': same(200),
  // 403 for everybody: it is somebody else's password
  'auth-service POST /me/password': {
    body: () => ({ currentPassword: 'not the one it is', newPassword: `correct horse ${randomUUID()}` }),
    bearer: somebody,
    ...same(403),
  },
  'auth-service PATCH /me': { body: () => ({ name: 'Ada' }), bearer: somebody, ...same(200) },
  'auth-service GET /users': { admin: 200 },
  'auth-service POST /users/{id}/role': {
    path: someId('/users/{id}/role'),
    body: () => ({ newRole: 'admin' }),
    admin: 404,
  },
  'auth-service GET /me/export': same(200),
  // 403 for everybody, as above
  'auth-service DELETE /me': { body: () => ({ password: 'not the one it is' }), bearer: somebody, ...same(403) },
  'auth-service POST /users/{id}/deactivate': {
    path: someId('/users/{id}/deactivate'),
    body: () => ({ reason: 'a complaint' }),
    admin: 404,
  },
  'auth-service POST /users/{id}/reactivate': { path: someId('/users/{id}/reactivate'), admin: 404 },
  'auth-service POST /announce': { admin: 202 },

  'product-service GET /products': same(200),
  'product-service GET /products/{id}': { path: ofProduct('/products/{id}'), ...same(200) },
  'product-service GET /inventory/{productId}': { path: ofProduct('/inventory/{id}'), ...same(200) },
  'product-service POST /products': { body: newProduct, admin: 201 },
  'product-service POST /imports': { body: newProduct, admin: 201 },
  'product-service PATCH /products/{id}': {
    path: ofProduct('/products/{id}'),
    body: () => ({ name: 'Cup' }),
    admin: 200,
  },
  'product-service DELETE /products/{id}': { path: async (world) => `/products/${await doomed(world)}`, admin: 204 },
  'product-service POST /products/{id}/restock': {
    path: ofProduct('/products/{id}/restock'),
    body: () => ({ quantity: 1, reason: 'delivery' }),
    admin: 200,
  },
  'product-service POST /products/{id}/adjust': {
    path: ofProduct('/products/{id}/adjust'),
    body: () => ({ quantity: -1, reason: 'broken' }),
    admin: 200,
  },
  'product-service GET /categories': same(200),
  'product-service GET /products/{id}/prices': { path: ofProduct('/products/{id}/prices'), admin: 200 },
  'product-service GET /products/{id}/movements': { path: ofProduct('/products/{id}/movements'), admin: 200 },
  'product-service GET /low-stock': { admin: 200 },
  'product-service POST /announce': { admin: 202 },
  'product-service GET /reservations/{orderId}': { path: ofOrder('/reservations/{id}'), admin: 200 },

  'cart-service GET /cart': same(200),
  'cart-service POST /cart/items': { body: line, ...same(200) },
  'cart-service PUT /cart/items/{productId}': {
    path: ofProduct('/cart/items/{id}'),
    body: () => ({ quantity: 2 }),
    ...same(200),
  },
  // of one's own cart, whatever is in it
  'cart-service DELETE /cart/items/{productId}': { path: ofProduct('/cart/items/{id}'), ...same(204) },
  'cart-service DELETE /cart': same(204),
  // 400: no guest has this token
  'cart-service POST /cart/merge': { body: () => ({ guestToken: 'never issued'.padEnd(43, '.') }), ...same(400) },
  'cart-service POST /guest-carts': same(201),
  // 400 for everybody: who one is does not matter, only a guest's token would
  'cart-service GET /guest-cart': same(400),
  'cart-service POST /guest-cart/items': { body: line, ...same(400) },
  'cart-service PUT /guest-cart/items/{productId}': {
    path: ofProduct('/guest-cart/items/{id}'),
    body: () => ({ quantity: 2 }),
    ...same(400),
  },
  'cart-service DELETE /guest-cart/items/{productId}': { path: ofProduct('/guest-cart/items/{id}'), ...same(400) },

  'order-service POST /orders': {
    body: (world) => ({ items: [line(world)], paymentToken: 'tok_visa' }),
    ...same(202),
  },
  'order-service GET /orders': same(200),
  'order-service GET /orders/{id}': { path: ofOrder('/orders/{id}'), customer: 200, stranger: 404, admin: 404 },
  // 409: it is paid
  'order-service POST /orders/{id}/cancel': {
    path: ofOrder('/orders/{id}/cancel'),
    customer: 409,
    stranger: 404,
    admin: 404,
  },
  'order-service GET /orders/{id}/timeline': {
    path: ofOrder('/orders/{id}/timeline'),
    customer: 200,
    stranger: 404,
    admin: 404,
  },
  'order-service GET /orders/{id}/events': {
    path: ofOrder('/orders/{id}/events'),
    customer: 200,
    stranger: 404,
    admin: 404,
  },
  'order-service GET /admin/orders': { admin: 200 },

  'payment-service GET /payments': same(200),
  'payment-service GET /payments/{orderId}': {
    path: ofOrder('/payments/{id}'),
    customer: 200,
    stranger: 404,
    admin: 404,
  },
  'payment-service GET /admin/payments': { admin: 200 },
  // 404: nothing was ever to be paid for this order
  'payment-service POST /admin/payments/{orderId}/refund': {
    path: someId('/admin/payments/{id}/refund'),
    body: () => ({ reason: 'a complaint' }),
    admin: 404,
  },
  // 401: nobody of these signs as the provider does
  'payment-service POST /webhooks/provider': {
    body: ({ order }) => ({ id: 'evt_1', type: 'charge.succeeded', reference: order, amountMinor: 1, currency: 'EUR' }),
    scheme: 'Webhook-Signature',
    ...same(401),
  },

  'mailer-service GET /mails': same(200),
  'mailer-service GET /admin/mails': { admin: 200 },
  // 404: nothing was ever to be mailed about this
  'mailer-service POST /admin/mails/{subjectId}/{kind}/resend': {
    path: () => `/admin/mails/${newId()}/receipt/resend`,
    body: () => ({ reason: 'a complaint' }),
    admin: 404,
  },

  'logger-service GET /orders/{id}/journey': {
    path: ofOrder('/orders/{id}/journey'),
    customer: 200,
    stranger: 404,
    admin: 200,
  },
  'logger-service GET /journeys': { admin: 200 },
  'logger-service GET /journeys/stream': { admin: 200 },
  'logger-service GET /events': { admin: 200 },
  // 404: no event has that id
  'logger-service GET /events/{id}': { path: someId('/events/{id}'), admin: 404 },
  'logger-service GET /events/stream': { admin: 200 },
  'logger-service GET /logs': { admin: 200 },
  'logger-service GET /statistics': { admin: 200 },
  'logger-service POST /session': {
    body: ({ customer: { email, password } }) => ({ email, password }),
    ...same(200),
  },
  'logger-service POST /session/refresh': { body: () => ({ refreshToken: 'never issued' }), ...same(401) },
  'logger-service POST /session/end': { bearer: somebody, ...same(204) },
  'logger-service GET /dead-letters': { admin: 200 },
  'logger-service GET /dead-letters/{service}': { path: () => '/dead-letters/order-service', admin: 200 },
  // 404: nothing has failed there
  'logger-service GET /dead-letters/{service}/{id}': {
    path: () => `/dead-letters/order-service/${newId()}`,
    admin: 404,
  },
  // that there is none of these is said of each
  'logger-service POST /dead-letters/{service}/redrive': {
    path: () => '/dead-letters/order-service/redrive',
    body: () => ({ ids: [newId()], why: 'fixed' }),
    admin: 200,
  },
  'logger-service POST /dead-letters/{service}/discard': {
    path: () => '/dead-letters/order-service/discard',
    body: () => ({ ids: [newId()], why: 'not worth it' }),
    admin: 200,
  },
  'logger-service GET /dead-letter-actions': { admin: 200 },
  'logger-service GET /choreography': { admin: 200 },
  'logger-service GET /health': { admin: 200 },
  'logger-service GET /console/settings': { admin: 200 },
  'logger-service POST /audits': { admin: 202 },
  'logger-service GET /audits': { admin: 200 },
  // 404: there was no such audit
  'logger-service GET /audits/{id}': { path: someId('/audits/{id}'), admin: 404 },
}

/** The same in every service. */
const ofAll: Readonly<Record<string, Expected>> = {
  'GET /livez': same(200),
  'GET /readyz': same(200),
  'GET /admin/backlog': { admin: 200 },
  'GET /admin/dead-letter-actions': { admin: 200 },
  'GET /admin/dead-letters': { admin: 200 },
  // 404: nothing has failed here
  'GET /admin/dead-letters/{id}': { path: someId('/admin/dead-letters/{id}'), admin: 404 },
  'POST /admin/dead-letters/{id}/redrive': {
    path: someId('/admin/dead-letters/{id}/redrive'),
    body: () => ({ reason: 'fixed' }),
    admin: 404,
  },
  'POST /admin/dead-letters/{id}/discard': {
    path: someId('/admin/dead-letters/{id}/discard'),
    body: () => ({ reason: 'not worth it' }),
    admin: 404,
  },
}

/** By `service VERB /path`. */
export const expected: ReadonlyMap<string, Expected> = new Map([
  ...Object.entries(ofOne),
  ...serviceNames.flatMap((service) =>
    Object.entries(ofAll).map(([route, expectation]) => [`${service} ${route}`, expectation] as const),
  ),
])
