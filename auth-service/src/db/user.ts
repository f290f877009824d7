import type { DataOf, Id, Role, userRegistered } from '@order-saga/common'
import { EntitySchema } from 'typeorm'

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
  },
})

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
