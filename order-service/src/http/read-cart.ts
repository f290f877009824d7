import { MAX_LINES, OrderLine, Problem, type Traceparent, unavailable } from '@order-saga/common'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

const CartBody = Type.Object({ lines: Type.Array(OrderLine, { maxItems: MAX_LINES }) })
const cart = Compile(CartBody)

const TIMEOUT_MS = 1_000

/**
 * The caller's cart, read with the caller's own token: the only synchronous call between services.
 * Throws the problems `cart-empty` and `cart-unavailable`.
 */
export async function readCart(
  cartUrl: string,
  token: string,
  traceparent?: Traceparent,
): Promise<Static<typeof CartBody>['lines']> {
  const body = await fetchCart(cartUrl, token, traceparent).catch(() => undefined)
  if (!cart.Check(body)) throw unavailable('cart-unavailable', 'The cart cannot be read at the moment.')
  if (body.lines.length === 0) throw new Problem(409, 'cart-empty', 'There is nothing in the cart.')
  return body.lines.map(({ productId, quantity }) => ({ productId, quantity }))
}

async function fetchCart(cartUrl: string, token: string, traceparent?: Traceparent): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, ...(traceparent && { traceparent }) }
  const response = await fetch(new URL('/cart', cartUrl), {
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (response.ok) return response.json()
  // an answer nobody reads would keep its connection
  await response.body?.cancel()
  return undefined
}
