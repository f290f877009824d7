import { type Decision, type Id, MAX_LINES, MAX_QUANTITY, Problem, type Tx } from '@order-saga/common'
import { agreeToLine, lockCarts, saveCarts } from '../db/carts'
import { type Cart, EMPTY } from '../domain/cart'

const refusals: Record<string, string> = {
  too_many_lines: `A cart holds ${MAX_LINES} different products at most.`,
  too_many_pieces: `A cart holds ${MAX_QUANTITY} pieces of one product at most.`,
}

export interface Edit {
  readonly how: (cart: Cart) => Decision<Cart>
  /** The product whose line the customer says anew, having seen what it costs. */
  readonly agreesTo?: Id
}

/** Changes a cart for its customer. Edits and saga steps of one cart wait for each other on its row. */
export async function editCart(tx: Tx, customerId: Id, { how, agreesTo }: Edit): Promise<void> {
  const [[, before] = [customerId, EMPTY]] = await lockCarts(tx, [customerId])
  const outcome = how(before)
  const refusal = outcome.kind === 'ignored' && refusals[outcome.reason]
  if (refusal) throw new Problem(409, 'cart-full', refusal)
  tx.concerns('editCart')
  if (outcome.kind === 'changed') await saveCarts(tx, [{ id: customerId, before, after: outcome.state }])
  if (agreesTo && before.has(agreesTo)) await agreeToLine(tx, customerId, agreesTo)
}
