import { type Cause, type Id, Problem, userUpdated } from '@order-saga/common'
import { changeProfileOf, type ProfileChange, profileOf } from '../db/user'
import { normaliseName } from '../domain/name'
import type { Accounts } from './accounts'
import { audit } from './audit'

/** What is so already is told to nobody; what is not named stays as it is. */
export async function changeProfile(
  { database }: Accounts,
  userId: Id,
  { name: sentName, smsNumber }: ProfileChange,
  cause: Cause,
): Promise<void> {
  const name = sentName === undefined ? undefined : normaliseName(sentName)
  if (sentName !== undefined && !name) throw new Problem(400, 'validation', 'This is not a name.')
  await database.transaction(async (tx) => {
    const changed = await changeProfileOf(tx, userId, { name, smsNumber })
    if (!changed) return
    audit(tx, { action: 'profile_changed', userId }, cause)
    tx.emit(userUpdated, profileOf(changed), cause)
  })
}
