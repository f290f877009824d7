import type { Id, Tx } from '@order-saga/common'
import { type Bearer, insertRefreshToken, insertSessionOf } from '../db/sessions'
import { accessToken } from '../security/access-token'
import { newRefreshToken, sha256Of } from '../security/refresh-token'
import type { Accounts } from './accounts'

interface Session {
  readonly sessionId: Id
  readonly expiresAt: Date
}

export interface Tokens {
  readonly accessToken: string
  readonly tokenType: 'Bearer'
  readonly expiresIn: number
  readonly refreshToken: string
  readonly sessionEndsAt: string
}

/** The tokens of a new login. */
export async function beginSession(tx: Tx, accounts: Accounts, bearer: Bearer): Promise<Tokens> {
  const session = await insertSessionOf(tx, bearer.id, accounts.config.sessionDays)
  return issueTokens(tx, accounts, bearer, session, 1)
}

export async function issueTokens(
  tx: Tx,
  accounts: Accounts,
  bearer: Bearer,
  session: Session,
  generation: number,
): Promise<Tokens> {
  const { keys, config } = accounts
  const refreshToken = newRefreshToken()
  await insertRefreshToken(tx, sha256Of(refreshToken), session.sessionId, generation)
  return {
    accessToken: accessToken(bearer, session.sessionId, await keys.current(), config),
    tokenType: 'Bearer',
    expiresIn: config.tokenTtlS,
    refreshToken,
    sessionEndsAt: session.expiresAt.toISOString(),
  }
}
