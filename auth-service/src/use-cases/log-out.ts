import type { Caller, Cause, Id } from '@order-saga/common'
import { revokeSession, revokeSessions } from '../db/sessions'
import type { Accounts } from './accounts'
import { audit } from './audit'

/** Ends the login the caller's token comes from. A second time changes nothing. */
export async function logOut({ database, publishRevocations }: Accounts, caller: Caller, cause: Cause) {
  const { userId, sessionId } = caller
  if (sessionId === undefined) return
  await database.transaction(async (tx) => {
    if (!(await revokeSession(tx, sessionId, userId))) return
    audit(tx, { action: 'logged_out', userId }, cause)
    tx.afterCommit(publishRevocations)
  })
}

/** Ends every login of the caller, this one too. */
export async function logOutEverywhere({ database, publishRevocations }: Accounts, userId: Id, cause: Cause) {
  await database.transaction(async (tx) => {
    await revokeSessions(tx, userId)
    audit(tx, { action: 'logged_out_everywhere', userId }, cause)
    tx.afterCommit(publishRevocations)
  })
}
