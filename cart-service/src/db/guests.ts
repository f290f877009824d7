import { createHash, randomBytes } from 'node:crypto'
import { type Id, newId, type Queryable, statement, type Tx } from '@order-saga/common'

export interface Guest {
  readonly cart_id: Id
  /** The customer who has taken the cart over. */
  readonly merged_into: Id | null
}

const insert = statement('guests-insert', 'INSERT INTO guest_carts (token_hash, cart_id) VALUES ($1, $2)')

const find = statement<Guest>('guests-find', 'SELECT cart_id, merged_into FROM guest_carts WHERE token_hash = $1')

// shared: edits of one guest wait for each other on the cart, and only a merge or the end of the cart on this
const share = statement<Guest>(
  'guests-share',
  'SELECT cart_id, merged_into FROM guest_carts WHERE token_hash = $1 FOR SHARE',
)

const lock = statement<Guest>(
  'guests-lock',
  'SELECT cart_id, merged_into FROM guest_carts WHERE token_hash = $1 FOR UPDATE',
)

const handOver = statement(
  'guests-hand-over',
  'UPDATE guest_carts SET merged_into = $2 WHERE cart_id = $1 AND merged_into IS NULL',
)

/** The database does not know the token: whoever reads it has nobody's cart. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Answers the token of a new cart, which is told this once. */
export async function insertGuest(db: Queryable): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db.execute(insert, [hashOf(token), newId()])
  return token
}

export const findGuest = async (db: Queryable, token: string): Promise<Guest | undefined> =>
  (await db.query(find, [hashOf(token)]))[0]

export const shareGuest = async (tx: Tx, token: string): Promise<Guest | undefined> =>
  (await tx.query(share, [hashOf(token)]))[0]

export const lockGuest = async (tx: Tx, token: string): Promise<Guest | undefined> =>
  (await tx.query(lock, [hashOf(token)]))[0]

export const handOverGuest = (tx: Tx, cartId: Id, customerId: Id): Promise<void> =>
  tx.write(handOver, [cartId, customerId], 1)
