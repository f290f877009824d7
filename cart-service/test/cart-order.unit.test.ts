import type { Decision, OrderLine } from '@order-saga/common'
import { type CartAndOrder, type CartOrder, orderCancelled, orderCreated } from '../src/domain/cart-order'

const taken: OrderLine[] = [{ productId: 'a', quantity: 2 }]
const held = (state: CartOrder['state'], pieces = 5): CartAndOrder => ({
  cart: new Map([['a', pieces]]),
  order: { customerId: 'c', state, taken: state === 'taken' ? taken : [] },
})
const ordered = { fromCart: true, lines: [{ productId: 'a', quantity: 3 }] }
const direct = { ...ordered, fromCart: false }

const outcomeOf = (decision: Decision<CartAndOrder>) => {
  if (decision.kind !== 'changed') return decision
  const { cart, order } = decision.state
  return { state: order.state, pieces: cart.get('a') ?? 0, taken: order.taken, emits: decision.emits }
}
const ignored = (reason: string) => ({ kind: 'ignored', reason })
const threePieces = [{ productId: 'a', quantity: 3 }]

/** Every cell of cart_order. */
test.each([
  [
    'absent',
    'order.created',
    orderCreated(held('absent'), ordered),
    { state: 'taken', pieces: 2, taken: threePieces, emits: [] },
  ],
  ['absent', 'order.created not from the cart', orderCreated(held('absent'), direct), ignored('not_from_cart')],
  ['absent', 'order.cancelled', orderCancelled(held('absent')), { state: 'returned', pieces: 5, taken: [], emits: [] }],
  ['taken', 'order.created', orderCreated(held('taken'), ordered), ignored('already_taken')],
  ['taken', 'order.created not from the cart', orderCreated(held('taken'), direct), ignored('not_from_cart')],
  ['taken', 'order.cancelled', orderCancelled(held('taken')), { state: 'returned', pieces: 7, taken, emits: [] }],
  ['returned', 'order.created', orderCreated(held('returned'), ordered), ignored('already_returned')],
  ['returned', 'order.created not from the cart', orderCreated(held('returned'), direct), ignored('not_from_cart')],
  ['returned', 'order.cancelled', orderCancelled(held('returned')), ignored('already_returned')],
])('%s × %s', (_state, _event, decision, expected) => {
  expect(outcomeOf(decision)).toEqual(expected)
})

test('an order that found nothing to take is taken all the same, and returns nothing', () => {
  const first = orderCreated({ ...held('absent'), cart: new Map() }, ordered)
  expect(outcomeOf(first)).toEqual({ state: 'taken', pieces: 0, taken: [], emits: [] })
  const then = first.kind === 'changed' && orderCancelled(first.state)
  expect(then && outcomeOf(then)).toEqual({ state: 'returned', pieces: 0, taken: [], emits: [] })
})

test('a decision leaves the state it was given as it was', () => {
  const before = held('taken')
  orderCancelled(before)
  orderCreated(held('absent'), ordered)
  expect(before).toEqual(held('taken'))
})
