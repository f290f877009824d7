import { type Cause, Problem, type Tx } from '@order-saga/common'
import { type Found, lockSession, revokeSession, rotateSession } from '../db/sessions'
import { judge } from '../domain/session'
import { sha256Of } from '../security/refresh-token'
import type { Accounts } from './accounts'
import { audit } from './audit'
import { issueTokens } from './issue-tokens'

const refused = () => new Problem(401, 'invalid-refresh-token', 'Log in again.', { 'WWW-Authenticate': 'Bearer' })

/**
 * Takes a refresh token for new tokens. It is good once: whoever brings it again had a copy of it, and since nobody
 * can tell thief from owner, their whole login ends.
 */
export async function refreshLogin(accounts: Accounts, refreshToken: string, cause: Cause) {
  const tokens = await accounts.database.transaction(async (tx) => {
    const found = await lockSession(tx, sha256Of(refreshToken))
    return found && exchange(tx, accounts, found, cause)
  })
  if (!tokens) throw refused()
  return tokens
}

async function exchange(tx: Tx, accounts: Accounts, found: Found, cause: Cause) {
  const { sessionId, id: userId, newest } = found
  switch (judge(found)) {
    case 'rotate':
      await rotateSession(tx, sessionId, newest)
      return issueTokens(tx, accounts, found, found, newest + 1)
    case 'again':
      return issueTokens(tx, accounts, found, found, newest)
    case 'stolen':
      await revokeSession(tx, sessionId, userId)
      audit(tx, { action: 'refresh_token_reused', userId }, cause)
      tx.afterCommit(accounts.publishRevocations)
      return undefined
    case 'over':
      return undefined
  }
}
