import { type Cause, Problem, userPasswordResetRequested } from '@order-saga/common'
import { findReset, issueReset, lockOwnerOf, useReset } from '../db/password-resets'
import { revokeSessions } from '../db/sessions'
import { setPassword } from '../db/user'
import { normaliseEmail } from '../domain/email'
import { weaknessOf } from '../domain/password-rules'
import { newResetCode, sha256Of } from '../security/refresh-token'
import type { Accounts } from './accounts'
import { audit } from './audit'

/**
 * Has a code mailed to the owner of an address. Whether it has one is told by no answer and by no time: for nobody the
 * same statements run, and something goes on record as well.
 */
export async function requestReset({ database }: Accounts, email: string, cause: Cause): Promise<void> {
  const code = newResetCode()
  await database.transaction(async (tx) => {
    const userId = await lockOwnerOf(tx, normaliseEmail(email) ?? '')
    const reset = await issueReset(tx, userId, sha256Of(code))
    audit(tx, { action: 'password_reset_requested', ...(userId && { userId }) }, cause)
    if (!userId || !reset) return
    const expiresAt = reset.expiresAt.toISOString()
    tx.emit(userPasswordResetRequested, { userId, resetId: reset.id, code, expiresAt }, cause)
  })
}

export interface Reset {
  readonly code: string
  readonly newPassword: string
}

/** Ends every login: somebody who forgot their password may have lost more than that. Answers whose account it is. */
export async function resetPassword(accounts: Accounts, { code, newPassword }: Reset, cause: Cause): Promise<string> {
  const { database, passwords, publishRevocations } = accounts
  const sha256 = sha256Of(code)
  const found = await findReset(database, sha256)
  if (!found) throw invalidCode()
  const { userId, email } = found
  const weakness = weaknessOf(newPassword, email)
  if (weakness) throw new Problem(400, 'weak-password', weakness)
  const passwordHash = await passwords.hash(newPassword)
  await database.transaction(async (tx) => {
    await setPassword(tx, userId, passwordHash)
    if (!(await useReset(tx, sha256))) throw invalidCode()
    await revokeSessions(tx, userId)
    audit(tx, { action: 'password_reset', userId }, cause)
    tx.afterCommit(publishRevocations)
  })
  return email
}

const invalidCode = () =>
  new Problem(400, 'invalid-reset-code', 'This code is wrong, was used before or is too old: ask for another one.')
