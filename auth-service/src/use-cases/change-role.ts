import { type Cause, type Id, notFound, type Role } from '@order-saga/common'
import { keepAnAdministrator, userExists } from '../db/closed-accounts'
import { callBackTokens } from '../db/sessions'
import { setRole } from '../db/user'
import type { Accounts } from './accounts'
import { audit } from './audit'

interface RoleChange {
  readonly userId: Id
  readonly role: Role
  readonly actorId: Id
}

/** Logins go on; access tokens that name the old role are called back. */
export async function changeRole(accounts: Accounts, { userId, role, actorId }: RoleChange, cause: Cause) {
  await accounts.database.transaction(async (tx) => {
    if (role !== 'admin') await keepAnAdministrator(tx, userId)
    if (await setRole(tx, userId, role)) {
      await callBackTokens(tx, userId)
      audit(tx, { action: 'role_changed', userId, actorId, role }, cause)
      tx.afterCommit(accounts.publishRevocations)
    } else if (!(await userExists(tx, userId))) throw notFound('user')
  })
}
