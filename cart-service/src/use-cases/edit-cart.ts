import { type Decision, type Id, MAX_LINES, MAX_QUANTITY, Problem, type Tx } from '@order-saga/common'
import { lockCarts, saveCarts } from '../db/carts'
import { type Cart, EMPTY } from '../domain/cart'

const refusals: Record<string, string> = {
  too_many_lines: `A cart holds ${MAX_LINES} different products at most.`,
  too_many_pieces: `A cart holds ${MAX_QUANTITY} pieces of one product at most.`,
}

/** Changes a cart for its customer. Edits and saga steps of one cart wait for each other on its row. */
export async function editCart(tx: Tx, customerId: Id, edit: (cart: Cart) => Decision<Cart>): Promise<void> {
  const [[, before] = [customerId, EMPTY]] = await lockCarts(tx, [customerId])
  const outcome = edit(before)
  const refusal = outcome.kind === 'ignored' && refusals[outcome.reason]
  if (refusal) throw new Problem(409, 'cart-full', refusal)
  tx.concerns('editCart')
  if (outcome.kind === 'changed') await saveCarts(tx, [{ id: customerId, before, after: outcome.state }])
}
