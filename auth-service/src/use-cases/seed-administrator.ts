import { newId } from '@order-saga/common'
import { alone } from '../db/first-start'
import { UserEntity } from '../db/user'
import type { Accounts } from './accounts'
import { openAccount } from './open-account'

/** A shop without an administrator gets the one of the settings; later settings change nobody. */
export async function seedAdministrator({ database, passwords, config }: Accounts): Promise<void> {
  const manager = await database.manager()
  if (await manager.existsBy(UserEntity, { role: 'admin' })) return
  const passwordHash = await passwords.hash(config.adminPassword)
  const administrator = { email: config.adminEmail.trim().toLowerCase(), name: 'Administrator', role: 'admin' } as const
  await database.entityTransaction(async (manager, tx) => {
    await alone(tx)
    if (await manager.existsBy(UserEntity, { role: 'admin' })) return
    const isNew = await openAccount(tx, manager, { ...administrator, passwordHash }, { correlationId: newId() })
    if (!isNew) throw new Error('SHOP_ADMIN_EMAIL is the address of a customer')
  })
}
