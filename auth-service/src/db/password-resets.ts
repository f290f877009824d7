import { type Id, newId, type Queryable, statement, type Tx } from '@order-saga/common'

const MAX_AN_HOUR = 3
// long enough for a slow mail server, short enough for a mailbox somebody else gets to see
const GOOD_FOR_MINUTES = 20

const lockOwner = statement<{ id: Id }>(
  'reset-lock-owner',
  'SELECT id FROM users WHERE email = $1 AND deactivated_at IS NULL FOR UPDATE',
)

const issue = statement<{ expiresAt: Date }>(
  'reset-issue',
  `WITH issued AS (
     INSERT INTO password_resets (id, user_id, sha256, expires_at)
     SELECT $1, id, $3, now() + ${GOOD_FOR_MINUTES} * interval '1 minute' FROM users
     WHERE id = $2 AND (
       SELECT count(*) FROM password_resets WHERE user_id = $2 AND created_at > now() - interval '1 hour'
     ) < ${MAX_AN_HOUR}
     RETURNING user_id, expires_at
   ), voided AS (
     UPDATE password_resets older SET expires_at = now() FROM issued
     WHERE older.user_id = issued.user_id AND older.used_at IS NULL AND older.expires_at > now()
   )
   SELECT expires_at AS "expiresAt" FROM issued`,
)

const GOOD = 'used_at IS NULL AND expires_at > now()'

const find = statement<{ userId: Id; email: string }>(
  'reset-find',
  `SELECT user_id AS "userId", email FROM password_resets r JOIN users u ON u.id = r.user_id WHERE sha256 = $1 AND ${GOOD}`,
)
const use = statement('reset-use', `UPDATE password_resets SET used_at = now() WHERE sha256 = $1 AND ${GOOD}`)
const voidAll = statement('resets-void', `UPDATE password_resets SET expires_at = now() WHERE user_id = $1 AND ${GOOD}`)

/** Of two requests at once the second waits. */
export const lockOwnerOf = async (tx: Tx, email: string): Promise<Id | undefined> =>
  (await tx.query(lockOwner, [email]))[0]?.id

/** Makes older codes void. undefined: there were too many lately, or nobody is asking; that costs as much time. */
export async function issueReset(tx: Tx, userId: Id | undefined, sha256: Buffer) {
  const id = newId()
  const [issued] = await tx.query(issue, [id, userId ?? newId(), sha256])
  return issued && { id, expiresAt: issued.expiresAt }
}

/** Whose code this is; undefined: it is wrong, used, void or too old. */
export const findReset = async (db: Queryable, sha256: Buffer) => (await db.query(find, [sha256]))[0]

/** false: somebody was faster. */
export const useReset = async (tx: Tx, sha256: Buffer): Promise<boolean> => (await tx.execute(use, [sha256])) === 1

/** After the owner's row, like everything here: who asks for a code holds that first as well. */
export const voidResets = (tx: Tx, userId: Id): Promise<number> => tx.execute(voidAll, [userId])

const deleteAll = statement('resets-delete', 'DELETE FROM password_resets WHERE user_id = $1')
const all = statement<{ createdAt: Date; usedAt: Date | null }>(
  'resets-of-user',
  `SELECT created_at AS "createdAt", used_at AS "usedAt" FROM password_resets WHERE user_id = $1 ORDER BY created_at DESC`,
)

export const deleteResets = (tx: Tx, userId: Id): Promise<number> => tx.execute(deleteAll, [userId])

/** Newest first. */
export const resetsOf = (db: Queryable, userId: Id) => db.query(all, [userId])

const forget = statement(
  'resets-forget',
  `DELETE FROM password_resets WHERE id IN (
     SELECT id FROM password_resets WHERE created_at < now() - interval '1 day' LIMIT 1000)`,
)

export const forgetResets = (db: Queryable): Promise<number> => db.execute(forget)
