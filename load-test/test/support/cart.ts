import type { Id, OrderLine } from '@order-saga/common'
import type { PlacedOrder } from '@order-saga/common/client'
import { eventually } from '@order-saga/common/testing'
import type { Customer, TestShop } from './test-shop'

export interface Cart {
  readonly lines: readonly OrderLine[]
  readonly totalMinor: number | null
}

/** Resolves when the cart knows the product, with what the customer then sees. */
export async function putInCart(shop: TestShop, { token }: Customer, line: OrderLine): Promise<Cart> {
  await eventually(async () => {
    const known = await shop.premises.query('cart-service', 'SELECT FROM products WHERE product_id = $1', [
      line.productId,
    ])
    if (known.length === 0) throw new Error(`the cart does not know ${line.productId}`)
  })
  return (await shop.ask<Cart>('cart-service', '/cart/items', { token, body: line })).body
}

export const cartOf = async (shop: TestShop, { token }: Customer): Promise<Cart> =>
  (await shop.ask<Cart>('cart-service', '/cart', { token })).body

/** Orders what is in the cart, for the total the customer has seen there. */
export async function orderCart(
  shop: TestShop,
  { token }: Customer,
  expectedTotalMinor?: number | null,
): Promise<Pick<PlacedOrder, 'id'>> {
  const body = { paymentToken: 'tok_visa', ...(expectedTotalMinor && { expectedTotalMinor }) }
  const answer = await shop.ask<{ id: Id }>('order-service', '/orders', { token, body })
  if (answer.status !== 202) throw new Error(`no order: ${answer.status}`)
  return answer.body
}
