import {
  type Database,
  type DataOf,
  type Id,
  notFound,
  type Queryable,
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
  /** Where an SMS goes besides each mail about an order. null: none is wanted. */
  readonly smsNumber: string | null
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
    smsNumber: { name: 'sms_number', type: 'text', nullable: true },
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

type Profile = Pick<User, 'id' | 'email' | 'name' | 'smsNumber' | 'version'>

const change = statement<Profile>(
  'user-change-profile',
  `UPDATE users SET name = coalesce($2, name), sms_number = CASE WHEN $3 THEN $4 ELSE sms_number END,
     version = version + 1
   WHERE id = $1 AND deleted_at IS NULL AND (name <> $2 OR $3 AND sms_number IS DISTINCT FROM $4)
   RETURNING id, email, name, sms_number AS "smsNumber", version`,
)

export interface ProfileChange {
  readonly name?: string | undefined
  readonly smsNumber?: string | null | undefined
}

/** undefined: all of it is so already. */
export const changeProfileOf = async (tx: Tx, id: Id, { name, smsNumber }: ProfileChange) =>
  (await tx.query(change, [id, name, smsNumber !== undefined, smsNumber]))[0]

const changeRole = statement(
  'user-change-role',
  'UPDATE users SET role = $2 WHERE id = $1 AND role <> $2 AND deleted_at IS NULL',
)

/** false: that is the role already. */
export const setRole = async (tx: Tx, id: Id, role: Role): Promise<boolean> =>
  (await tx.execute(changeRole, [id, role])) === 1

export interface Listed extends Pick<User, 'id' | 'email' | 'name' | 'role' | 'createdAt' | 'deactivatedAt'> {
  readonly deactivationReason: string | null
}

const list = statement<Listed>(
  'users-list',
  `SELECT id, email, name, role, created_at AS "createdAt", deactivated_at AS "deactivatedAt",
     deactivation_reason AS "deactivationReason"
   FROM users
   WHERE id > $1 AND deleted_at IS NULL AND (starts_with(email, lower($2)) OR strpos(lower(name), lower($2)) > 0)
   ORDER BY id LIMIT $3`,
)

/** By id. The text begins the address or is part of the name; empty, it is part of everything. */
export const listUsers = (db: Queryable, after: Id, text: string, limit: number): Promise<Listed[]> =>
  db.query(list, [after, text, limit])

/** What other services may know of a user. */
export const profileOf = ({ id, email, name, smsNumber, version }: Profile): DataOf<typeof userRegistered> => ({
  userId: id,
  email,
  name,
  ...(smsNumber !== null && { smsNumber }),
  version,
})
