import type { Cause } from '@order-saga/common'
import { UserEntity } from '../db/user'
import { normaliseEmail } from '../domain/email'
import type { Accounts } from './accounts'
import { audit } from './audit'

/** Too many wrong passwords for one address; without an account it is on record as well, after the same work. */
export async function recordLockout({ database }: Accounts, email: string, cause: Cause): Promise<void> {
  const manager = await database.manager()
  const user = await manager.findOneBy(UserEntity, { email: normaliseEmail(email) ?? '' })
  const lockedOut = { action: 'locked_out', ...(user && { userId: user.id }) } as const
  await database.transaction(async (tx) => audit(tx, lockedOut, cause))
}
