import { type Cause, userDeleted } from '@order-saga/common'
import { eraseUser, keepAnAdministrator } from '../db/closed-accounts'
import { deleteResets } from '../db/password-resets'
import { revokeSessions } from '../db/sessions'
import type { User } from '../db/user'
import type { Accounts } from './accounts'
import { audit } from './audit'
import { provePassword, wrongPassword } from './change-password'

/** Nothing is left of the person here, and mailer-service forgets the address; it may open another account. */
export async function deleteAccount(accounts: Accounts, user: User, password: string, cause: Cause) {
  const { database, publishRevocations } = accounts
  const { id: userId } = user
  await provePassword(accounts, user, password, cause)
  await database.transaction(async (tx) => {
    await keepAnAdministrator(tx, userId)
    const version = await eraseUser(tx, user)
    if (version === undefined) throw wrongPassword()
    await deleteResets(tx, userId)
    await revokeSessions(tx, userId)
    audit(tx, { action: 'personal_data_deleted', userId }, cause)
    tx.emit(userDeleted, { userId, version }, cause)
    tx.afterCommit(publishRevocations)
  })
}
