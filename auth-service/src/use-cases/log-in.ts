import { Problem } from '@order-saga/common'
import { type User, UserEntity } from '../db/user'
import { normaliseEmail } from '../domain/email'
import { accessToken } from '../security/access-token'
import type { Accounts } from './accounts'

export interface Credentials {
  readonly email: string
  readonly password: string
}

/** A wrong password and an unknown address get the same answer after the same work. */
export async function logIn(accounts: Accounts, { email, password }: Credentials) {
  const { database, passwords, keys, config } = accounts
  const manager = await database.manager()
  const user = await manager.findOneBy(UserEntity, { email: normaliseEmail(email) ?? '' })
  const isRight = await passwords.matches(password, user?.passwordHash)
  if (!user || !isRight) throw new Problem(401, 'invalid-credentials', 'E-mail address or password is wrong.')
  await strengthen(accounts, user, password)
  const token = accessToken(user, await keys.current(), config)
  return { accessToken: token, tokenType: 'Bearer', expiresIn: config.tokenTtlS } as const
}

/** Only at a login is the password at hand to be hashed at today's cost. */
async function strengthen({ database, passwords }: Accounts, { id, passwordHash }: User, password: string) {
  if (!passwords.isOutdated(passwordHash)) return
  const stronger = await passwords.hash(password)
  await database.entityTransaction((manager) =>
    manager.update(UserEntity, { id, passwordHash }, { passwordHash: stronger }),
  )
}
