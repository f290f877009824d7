import {
  type Database,
  type DataOf,
  type Id,
  notFound,
  type Role,
  statement,
  type Tx,
  type userRegistered,
} from '@order-saga/common'
import { EntitySchema, IsNull } from 'typeorm'

export interface User {
  readonly id: Id
  readonly email: string
  readonly name: string
  readonly passwordHash: string
  readonly role: Role
  readonly version: number
  readonly createdAt: Date
  /** No access token issued before is good any more. */
  readonly notBefore: Date | null
  /** Nobody can log in. */
  readonly deactivatedAt: Date | null
  /** Nothing of the person is left. */
  readonly deletedAt: Date | null
}

export const UserEntity = new EntitySchema<User>({
  name: 'user',
  tableName: 'users',
  columns: {
    id: { type: 'uuid', primary: true },
    email: { type: 'text' },
    name: { type: 'text' },
    passwordHash: { name: 'password_hash', type: 'text' },
    role: { type: 'text' },
    version: { type: 'int' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
    notBefore: { name: 'not_before', type: 'timestamptz', nullable: true },
    deactivatedAt: { name: 'deactivated_at', type: 'timestamptz', nullable: true },
    deletedAt: { name: 'deleted_at', type: 'timestamptz', nullable: true },
  },
})

export async function userOf(database: Database, id: Id): Promise<User> {
  const user = await (await database.manager()).findOneBy(UserEntity, { id, deletedAt: IsNull() })
  if (!user) throw notFound('user')
  return user
}

const lockBearer = statement<Pick<User, 'id' | 'role' | 'notBefore'>>(
  'user-lock-bearer',
  `SELECT id, role, not_before AS "notBefore" FROM users WHERE id = $1 AND password_hash = $2 AND deactivated_at IS NULL FOR SHARE`,
)
const replaceHash = statement(
  'user-replace-hash',
  'UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND deactivated_at IS NULL',
)

/** Until this transaction ends nobody changes the password or calls back tokens. undefined: somebody has. */
export const lockUnchanged = async (tx: Tx, { id, passwordHash }: Pick<User, 'id' | 'passwordHash'>) =>
  (await tx.query(lockBearer, [id, passwordHash]))[0]

/** false: it was replaced meanwhile. */
export const replacePassword = async (tx: Tx, { id, passwordHash }: User, next: string): Promise<boolean> =>
  (await tx.execute(replaceHash, [id, passwordHash, next])) === 1

const setHash = statement('user-set-hash', 'UPDATE users SET password_hash = $2 WHERE id = $1')

export const setPassword = (tx: Tx, id: Id, passwordHash: string): Promise<void> =>
  tx.write(setHash, [id, passwordHash], 1)

/** What other services may know of a user. */
export const profileOf = ({
  id,
  email,
  name,
  version,
}: Pick<User, 'id' | 'email' | 'name' | 'version'>): DataOf<typeof userRegistered> => ({
  userId: id,
  email,
  name,
  version,
})
