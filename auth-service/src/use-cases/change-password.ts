import { type Cause, Problem } from '@order-saga/common'
import { voidResets } from '../db/password-resets'
import { revokeSessions } from '../db/sessions'
import { replacePassword, type User } from '../db/user'
import { weaknessOf } from '../domain/password-rules'
import type { Accounts } from './accounts'
import { audit } from './audit'

export interface PasswordChange {
  readonly currentPassword: string
  readonly newPassword: string
}

/** Ends every login, this one too: whoever knows the old password may be in one of them. */
export async function changePassword(accounts: Accounts, user: User, change: PasswordChange, cause: Cause) {
  const { database, passwords, publishRevocations } = accounts
  const { id: userId, email } = user
  const weakness = weaknessOf(change.newPassword, email)
  if (weakness) throw new Problem(400, 'weak-password', weakness)
  await provePassword(accounts, user, change.currentPassword, cause)
  const passwordHash = await passwords.hash(change.newPassword)
  await database.transaction(async (tx) => {
    if (!(await replacePassword(tx, user, passwordHash))) throw wrongPassword()
    await voidResets(tx, userId)
    await revokeSessions(tx, userId)
    audit(tx, { action: 'password_changed', userId }, cause)
    tx.afterCommit(publishRevocations)
  })
}

/** What only the owner may do asks for more than a token that somebody may have taken. */
export async function provePassword({ database, passwords }: Accounts, user: User, password: string, cause: Cause) {
  if (await passwords.matches(password, user.passwordHash)) return
  await database.transaction(async (tx) => audit(tx, { action: 'login_failed', userId: user.id }, cause))
  throw wrongPassword()
}

// not 401: the token is good, and a client that logs in again would ask the same once more
export const wrongPassword = () => new Problem(403, 'wrong-password', 'The current password is wrong.')
