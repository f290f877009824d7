import { type Cause, type Id, notFound, userDeactivated, userReactivated } from '@order-saga/common'
import { deactivateUser, keepAnAdministrator, reactivateUser, userExists } from '../db/closed-accounts'
import { voidResets } from '../db/password-resets'
import { revokeSessions } from '../db/sessions'
import type { Accounts } from './accounts'
import { audit } from './audit'

interface Asked {
  readonly userId: Id
  readonly actorId: Id
  readonly cause: Cause
}

/** Ends every login and lets nobody in again. A second time changes nothing, not even the reason. */
export async function deactivate(
  { database, publishRevocations }: Accounts,
  reason: string,
  { userId, actorId, cause }: Asked,
) {
  await database.transaction(async (tx) => {
    await keepAnAdministrator(tx, userId)
    if (!(await deactivateUser(tx, userId, reason))) return expectUser(await userExists(tx, userId))
    await voidResets(tx, userId)
    await revokeSessions(tx, userId)
    audit(tx, { action: 'deactivated', userId, actorId }, cause)
    tx.emit(userDeactivated, { userId, reason }, cause)
    tx.afterCommit(publishRevocations)
  })
}

/** The password is good again; logins that ended stay ended. */
export async function reactivate({ database }: Accounts, { userId, actorId, cause }: Asked) {
  await database.transaction(async (tx) => {
    if (!(await reactivateUser(tx, userId))) return expectUser(await userExists(tx, userId))
    audit(tx, { action: 'reactivated', userId, actorId }, cause)
    tx.emit(userReactivated, { userId }, cause)
  })
}

function expectUser(isThere: boolean): void {
  if (!isThere) throw notFound('user')
}
