import { type Id, Problem, userUpdated } from '@order-saga/common'
import { profileOf, renameUser } from '../db/user'
import { normaliseName } from '../domain/name'
import type { Accounts } from './accounts'
import { audit } from './audit'

/** A name that is there already is told to nobody. */
export async function rename({ database }: Accounts, userId: Id, sentName: string, correlationId: Id): Promise<void> {
  const name = normaliseName(sentName)
  if (!name) throw new Problem(400, 'validation', 'This is not a name.')
  await database.transaction(async (tx) => {
    const renamed = await renameUser(tx, userId, name)
    if (!renamed) return
    audit(tx, { action: 'profile_changed', userId }, correlationId)
    tx.emit(userUpdated, profileOf(renamed), { correlationId })
  })
}
