import { type Cause, newId, type Tx, userRegistered } from '@order-saga/common'
import type { EntityManager } from 'typeorm'
import { profileOf, type User, UserEntity } from '../db/user'

export type NewUser = Pick<User, 'email' | 'name' | 'passwordHash' | 'role'>

/** false: the address already has an account, which stays as it is. Of many at once, one opens it. */
export async function openAccount(tx: Tx, manager: EntityManager, newUser: NewUser, cause: Cause) {
  const user = { ...newUser, id: newId(), smsNumber: null, version: 1 }
  const insert = manager.createQueryBuilder().insert().into(UserEntity).values(user).orIgnore().returning('id')
  const { raw } = await insert.execute()
  const isNew = (raw as unknown[]).length === 1
  tx.concerns('openAccount')
  if (isNew) tx.emit(userRegistered, profileOf(user), cause)
  return isNew
}
