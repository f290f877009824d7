import type { Id } from '@order-saga/common'
import { resetsOf } from '../db/password-resets'
import { sessionsOf } from '../db/sessions'
import { userOf } from '../db/user'
import type { Accounts } from './accounts'

const time = (at: Date | null) => at?.toISOString() ?? null

/** All that this service holds of somebody and may be shown: digests of secrets may not. */
export async function exportAccount({ database }: Accounts, userId: Id) {
  const [user, sessions, resets] = await Promise.all([
    userOf(database, userId),
    sessionsOf(database, userId),
    resetsOf(database, userId),
  ])
  const { id, email, name, smsNumber, role, createdAt } = user
  return {
    account: { id, email, name, smsNumber, role, createdAt: createdAt.toISOString() },
    logins: sessions.map(({ createdAt, expiresAt, revokedAt }) => ({
      begunAt: createdAt.toISOString(),
      endsAt: expiresAt.toISOString(),
      endedAt: time(revokedAt),
    })),
    passwordResets: resets.map(({ createdAt, usedAt }) => ({ askedAt: createdAt.toISOString(), usedAt: time(usedAt) })),
  }
}
