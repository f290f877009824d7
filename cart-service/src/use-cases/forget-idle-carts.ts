import { type Database, type Id, statement, type Tx } from '@order-saga/common'

const AT_ONCE = 500

// an edit under way has the lock, and its cart is not idle
const lockIdle = statement<{ id: Id }>(
  'carts-lock-idle',
  `SELECT customer_id AS id FROM carts
   WHERE customer_id IN (SELECT customer_id FROM cart_lines WHERE changed_at < now() - $1 * interval '1 day')
     AND NOT EXISTS (SELECT FROM cart_lines l WHERE l.customer_id = carts.customer_id
       AND changed_at >= now() - $1 * interval '1 day')
   ORDER BY customer_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
)

// looked at again: a statement sees what was committed until the lock was there
const emptyIdle = statement(
  'carts-empty-idle',
  `DELETE FROM cart_lines WHERE customer_id = ANY($2::uuid[])
     AND NOT EXISTS (SELECT FROM cart_lines l WHERE l.customer_id = cart_lines.customer_id
       AND changed_at >= now() - $1 * interval '1 day')`,
)

const lockGuests = statement<{ id: Id }>(
  'guests-lock-idle',
  `SELECT cart_id AS id FROM guest_carts WHERE created_at < now() - $1 * interval '1 day'
     AND NOT EXISTS (SELECT FROM cart_lines WHERE customer_id = cart_id)
   ORDER BY cart_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
)

const deleteGuests = statement<{ id: Id }>(
  'guests-delete-idle',
  `DELETE FROM guest_carts WHERE cart_id = ANY($1::uuid[])
     AND NOT EXISTS (SELECT FROM cart_lines WHERE customer_id = cart_id) RETURNING cart_id AS id`,
)

const deleteCarts = statement('carts-delete', 'DELETE FROM carts WHERE customer_id = ANY($1::uuid[])')

/** Empties carts in which nothing was changed for so many days, and ends those of guests that are old and empty. */
export async function forgetIdleCarts(database: Database, idleDays: number): Promise<void> {
  for (const forget of [emptyCarts, endGuestCarts])
    while ((await database.transaction((tx) => forget(tx, idleDays))) === AT_ONCE);
}

async function emptyCarts(tx: Tx, idleDays: number): Promise<number> {
  const ids = (await tx.query(lockIdle, [idleDays, AT_ONCE])).map(({ id }) => id)
  tx.concerns('idle carts')
  if (ids.length > 0) await tx.execute(emptyIdle, [idleDays, ids])
  return ids.length
}

/** The row of a customer's cart stays, since sagas lock it; nobody can find a guest's without the token. */
async function endGuestCarts(tx: Tx, idleDays: number): Promise<number> {
  const locked = (await tx.query(lockGuests, [idleDays, AT_ONCE])).map(({ id }) => id)
  tx.concerns('idle guest carts')
  if (locked.length === 0) return 0
  const ended = (await tx.query(deleteGuests, [locked])).map(({ id }) => id)
  await tx.execute(deleteCarts, [ended])
  return locked.length
}
