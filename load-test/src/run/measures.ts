/** What is timed, each with what it means: names of rows, of JSON fields and of targets. */
export const measures = {
  browse: 'GET /products, answered',
  product: 'GET /products/{id}, answered',
  'empty-cart': 'DELETE /cart, answered',
  cart: 'POST /cart/items, answered',
  order: 'POST /orders, each attempt that was answered 202',
  poll: 'GET /orders/{id}, each that was answered 200 or 304',
  cancel: 'POST /orders/{id}/cancel, answered 200 or 409',
  accepted: 'from the wish to order (open loop: from when it was due) to 202, with every attempt',
  terminal: 'from 202 to paid or cancelled, as the customer saw it',
  settled: "the same by order-service's own clock, with no polling in it",
} as const

export type Measure = keyof typeof measures

export const measureNames = Object.keys(measures) as Measure[]

/** One request of a customer. */
export type Step = Exclude<Measure, 'accepted' | 'terminal' | 'settled'>
