import { type Cause, type Database, type Id, userUpdated } from '@order-saga/common'
import { IsNull, MoreThan } from 'typeorm'
import { profileOf, UserEntity } from '../db/user'
import { BEFORE_ALL } from './find-users'

// a few hundred events are one message or two, and a transaction of milliseconds
const PAGE = 500

/** Tells every account's snapshot again, with its version unchanged: fills a new or lost address book. */
export async function announceUsers(database: Database, cause: Cause): Promise<number> {
  let announced = 0
  let last: Id | undefined = BEFORE_ALL
  while (last) {
    const ids: Id[] = await announcePage(database, last, cause)
    announced += ids.length
    last = ids.at(PAGE - 1)
  }
  return announced
}

const announcePage = (database: Database, after: Id, cause: Cause): Promise<Id[]> =>
  database.entityTransaction(async (manager, tx) => {
    const where = { id: MoreThan(after), deletedAt: IsNull() }
    const users = await manager.find(UserEntity, { where, order: { id: 'ASC' }, take: PAGE })
    for (const user of users) tx.emit(userUpdated, profileOf(user), cause)
    return users.map(({ id }) => id)
  })
