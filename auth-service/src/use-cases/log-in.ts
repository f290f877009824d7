import { type Cause, Problem } from '@order-saga/common'
import { lockUnchanged, replacePassword, type User, UserEntity } from '../db/user'
import { normaliseEmail } from '../domain/email'
import type { Accounts } from './accounts'
import { audit } from './audit'
import { beginSession, type Tokens } from './issue-tokens'

export interface Credentials {
  readonly email: string
  readonly password: string
}

/** A wrong password, an unknown address and a closed account get the same answer after the same work. */
export async function logIn(accounts: Accounts, { email, password }: Credentials, cause: Cause): Promise<Tokens> {
  const { database, passwords } = accounts
  const manager = await database.manager()
  const user = await manager.findOneBy(UserEntity, { email: normaliseEmail(email) ?? '' })
  const isRight = await passwords.matches(password, user?.passwordHash)
  if (!user || !isRight || user.deactivatedAt) {
    const failed = { action: 'login_failed', ...(user && { userId: user.id }) } as const
    await database.transaction(async (tx) => audit(tx, failed, cause))
    throw new Problem(401, 'invalid-credentials', 'E-mail address or password is wrong.', {
      'WWW-Authenticate': 'Bearer',
    })
  }
  const passwordHash = await strengthen(accounts, user, password)
  const tokens = await database.transaction(async (tx) => {
    const bearer = await lockUnchanged(tx, { id: user.id, passwordHash })
    if (!bearer) return undefined
    audit(tx, { action: 'logged_in', userId: user.id }, cause)
    return beginSession(tx, accounts, bearer)
  })
  // changed while it was looked at: nobody gets in with the old one
  return tokens ?? logIn(accounts, { email, password }, cause)
}

/** Only at a login is the password at hand to be hashed at today's cost. */
async function strengthen({ database, passwords }: Accounts, user: User, password: string): Promise<string> {
  if (!passwords.isOutdated(user.passwordHash)) return user.passwordHash
  const stronger = await passwords.hash(password)
  await database.transaction((tx) => replacePassword(tx, user, stronger))
  return stronger
}
