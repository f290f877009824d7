import { type Id, Problem, type Queryable, statement, type Tx } from '@order-saga/common'
import type { User } from './user'

const lockAdministrators = statement<{ id: Id }>(
  'administrators-lock',
  `SELECT id FROM users WHERE role = 'admin' AND deactivated_at IS NULL ORDER BY id FOR NO KEY UPDATE`,
)
const exists = statement<{ id: Id }>('user-exists', 'SELECT id FROM users WHERE id = $1 AND deleted_at IS NULL')
const deactivate = statement(
  'user-deactivate',
  `UPDATE users SET deactivated_at = now(), deactivation_reason = $2
   WHERE id = $1 AND deactivated_at IS NULL AND deleted_at IS NULL`,
)
const reactivate = statement(
  'user-reactivate',
  'UPDATE users SET deactivated_at = NULL, deactivation_reason = NULL WHERE id = $1 AND deactivated_at IS NOT NULL',
)
// a hash that no password has, and an address that nobody can have (RFC 2606)
const erase = statement<{ version: number }>(
  'user-erase',
  `UPDATE users SET email = id || '@deleted.invalid', name = '', sms_number = NULL, password_hash = '-', role = 'customer',
     deactivated_at = NULL, deactivation_reason = NULL, deleted_at = now(), version = version + 1
   WHERE id = $1 AND password_hash = $2 AND deactivated_at IS NULL AND deleted_at IS NULL
   RETURNING version`,
)

/** Throws the problem `last-administrator`; of two who are to go at once, the second waits here for the first. */
export async function keepAnAdministrator(tx: Tx, leaving: Id): Promise<void> {
  const administrators = await tx.query(lockAdministrators)
  if (administrators.length === 1 && administrators[0]?.id === leaving)
    throw new Problem(409, 'last-administrator', 'The shop needs an administrator.')
}

export const userExists = async (db: Queryable, id: Id): Promise<boolean> => (await db.query(exists, [id])).length === 1

/** false: it was before. */
export const deactivateUser = async (tx: Tx, id: Id, reason: string): Promise<boolean> =>
  (await tx.execute(deactivate, [id, reason])) === 1

/** false: it was not deactivated. */
export const reactivateUser = async (tx: Tx, id: Id): Promise<boolean> => (await tx.execute(reactivate, [id])) === 1

/** Answers the version of what is left; undefined: the password or the account changed meanwhile. */
export const eraseUser = async (tx: Tx, { id, passwordHash }: User): Promise<number | undefined> =>
  (await tx.query(erase, [id, passwordHash]))[0]?.version
