import { causeOf, type Decision, type Envelope, type Tx, WorkingSet } from '@order-saga/common'
import { type Cart, EMPTY } from '../domain/cart'
import type { CartAndOrder, CartOrder } from '../domain/cart-order'
import type { Product } from '../domain/product'
import { lockOrders, type Ordered, saveOrders } from './cart-orders'
import { lockCarts, saveCarts } from './carts'
import { lockProducts, saveProducts } from './products'

/** What one batch has locked: orders, the carts of their customers, products. */
export class CartBook {
  constructor(
    readonly orders: WorkingSet<CartOrder>,
    readonly carts: WorkingSet<Cart>,
    readonly products: WorkingSet<Product>,
  ) {}

  /** An order and its customer's cart change together. */
  decide(event: Envelope<Ordered>, decision: (held: CartAndOrder) => Decision<CartAndOrder>): Decision {
    const { orderId, customerId } = event.data
    const order = this.orders.find(orderId) ?? { customerId, state: 'absent', taken: [] }
    const outcome = decision({ order, cart: this.carts.find(order.customerId) ?? EMPTY })
    if (outcome.kind !== 'changed') return outcome
    if (!this.orders.find(orderId)) throw new Error(`order ${orderId} changes without being locked`)
    this.orders.put(orderId, outcome.state.order, causeOf(event))
    this.carts.put(order.customerId, outcome.state.cart, causeOf(event))
    return outcome
  }
}

/** Locks in one fixed sequence: orders, carts, products, each sorted. Requests lock a single cart. */
export async function openBook(tx: Tx, events: readonly Envelope[]): Promise<CartBook> {
  const orders = await lockOrders(tx, events)
  const carts = await lockCarts(tx, [...new Set(orders.map(([, { customerId }]) => customerId))])
  const products = await lockProducts(tx, events)
  return new CartBook(new WorkingSet(orders), new WorkingSet(carts), new WorkingSet(products))
}

export async function closeBook(tx: Tx, { orders, carts, products }: CartBook): Promise<void> {
  await Promise.all([
    saveOrders(tx, orders.changes()),
    saveCarts(tx, carts.changes()),
    saveProducts(tx, products.changes()),
  ])
}
